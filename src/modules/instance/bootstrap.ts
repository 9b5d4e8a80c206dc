import { Injectable } from '@nestjs/common';
import { outageKind } from '../../common/errors/outage.js';
import type { BootstrapItem } from '../../config/bootstrap-items.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { RolesService } from '../roles/index.js';
import { AppliedBootstrapItemsRepository } from './applied-bootstrap-items.repository.js';
import { CreateDefaultOrganization, type FirstAdmin } from './create-default-organization.js';
import { BootstrapItemFailed } from './errors.js';
import { SetUpOrganization } from './set-up-organization.js';

const LOCK = 'bootstrap';

/**
 * What every installation has: system roles, one default organization with a workspace and an admin, and the items that
 * the operator has declared. Idempotent, also when several replicas start at once.
 */
@Injectable()
export class Bootstrap {
  constructor(
    private readonly transaction: Transaction,
    private readonly roles: RolesService,
    private readonly createDefaultOrganization: CreateDefaultOrganization,
    private readonly applied: AppliedBootstrapItemsRepository,
    private readonly setUp: SetUpOrganization,
    private readonly config: Config,
  ) {}

  /** The admin if this call created the account, else null. @throws BootstrapItemFailed */
  run(): Promise<FirstAdmin | null> {
    return this.transaction.run(async () => {
      await this.transaction.lock(LOCK);
      await this.roles.installSystemRoles();
      const { orgId, admin } = await this.createDefaultOrganization.run();
      await this.applyNewItems(orgId);
      return admin;
    });
  }

  /** Each once: a key that people have revoked does not come back with a restart. */
  private async applyNewItems(orgId: string): Promise<void> {
    const { items } = this.config.bootstrap;
    if (items.length === 0) return;
    const done = new Set((await this.applied.list()).map(keyOf));
    const pending = items.filter((item) => !done.has(keyOf(item)));
    if (pending.length === 0) return;
    await this.transaction.inOrganization(orgId, async () => {
      await this.applied.insertAll(orgId, pending);
      for (const item of pending) await this.apply(orgId, item);
    });
  }

  private async apply(orgId: string, item: BootstrapItem): Promise<void> {
    try {
      await this.setUp.apply(orgId, item);
    } catch (error) {
      throw outageKind(error) === null ? new BootstrapItemFailed(item, error) : error;
    }
  }
}

const keyOf = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;
