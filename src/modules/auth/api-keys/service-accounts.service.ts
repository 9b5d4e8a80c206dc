import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { type ServiceAccount, ServiceAccountsRepository } from '../../service-accounts/index.js';
import { type Assignment, Assignments } from './assignments.js';
import { ServiceAccountNotFound } from './core/errors.js';

export type NewServiceAccount = { name: string; assignments: Assignment[] };

/** Named principals of an organization. The published API does not relate them to service keys. */
@Injectable()
export class ServiceAccountsService {
  constructor(
    private readonly accounts: ServiceAccountsRepository,
    private readonly assignments: Assignments,
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  list(orgId: string): Promise<ServiceAccount[]> {
    return this.accounts.list(orgId);
  }

  /** Under the roster lock, so that workspaces, roles and the caller's rights cannot change before the insert. */
  create(principal: OrgPrincipal, { name, assignments }: NewServiceAccount): Promise<ServiceAccount> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      await this.assignments.assertGrantable(principal, assignments);
      const account: ServiceAccount = {
        id: newId(),
        orgId,
        name,
        identityId: newId(),
        defaultWorkspaceId: assignments[0]?.workspaceId ?? null,
        createdAt: await this.clock.now(),
      };
      await this.accounts.insert(
        account,
        assignments.map((assignment) => ({ ...assignment, orgId, serviceAccountId: account.id })),
      );
      await this.audit.record(principal, 'create_service_account', [account.id]);
      return account;
    });
  }

  /** Returns the deleted account. Allowed with any of its roles, because deletion grants nothing. */
  remove(principal: OrgPrincipal, id: string): Promise<ServiceAccount> {
    return this.transaction.as(principal, async () => {
      const account = await this.accounts.find(principal.orgId, id);
      if (!account || !(await this.accounts.remove(principal.orgId, id))) throw new ServiceAccountNotFound();
      await this.audit.record(principal, 'delete_service_account', [id]);
      return account;
    });
  }
}
