import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandError,
  AdminCommands,
  type AdminOptions,
} from '../../common/admin-commands.js';
import { UUID } from '../../common/http/operations/value-checks.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditNamesRepository, AuditTrail, operatorIn } from '../audit/index.js';
import { UsersRepository } from '../users/index.js';
import { MembershipsRepository } from './core/memberships.repository.js';

/** `npm run admin -- audit:forget` */
@Injectable()
export class ForgetPersonCommand implements AdminCommand, OnModuleInit {
  readonly name = 'audit:forget';
  readonly purpose =
    'Removes the name of somebody who has left from the audit log of an organization, and the account unless another has it.';
  readonly usage = '--org ID --user ID|ADDRESS';
  readonly options = { org: { type: 'string' }, user: { type: 'string' } } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly names: AuditNamesRepository,
    private readonly memberships: MembershipsRepository,
    private readonly users: UsersRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run({ org, user }: AdminOptions, print: (line: string) => void): Promise<void> {
    if (typeof org !== 'string' || !UUID.test(org) || typeof user !== 'string')
      throw new AdminCommandError(`Both options are required: ${this.usage}`);
    const orgId = org.toLowerCase();
    const ids = await this.transaction.inOrganization(orgId, () => this.forget(orgId, user.toLowerCase()));
    for (const id of ids) print(`${id} has no name in the audit log of the organization any more.`);
  }

  /** @throws AdminCommandError */
  private async forget(orgId: string, idOrEmail: string): Promise<string[]> {
    const ids = await this.names.forget(orgId, idOrEmail);
    if (ids.length === 0) throw new AdminCommandError('No name is kept of somebody like that who has left.');
    await this.users.lock(ids);
    if ((await this.memberships.listByUsers(orgId, ids)).length > 0)
      throw new AdminCommandError('This is a member of the organization.');
    for (const id of await this.memberships.listUnheldUsers(orgId, ids)) await this.users.remove(id);
    await this.audit.record(operatorIn(orgId), 'forget_person', ids);
    return ids;
  }
}
