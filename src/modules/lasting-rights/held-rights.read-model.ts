import { Injectable } from '@nestjs/common';
import { unique } from '../../common/collections.js';
import { Sql } from '../../database/transactions/sql.js';
import { RANK, SYSTEM_ROLES_OF_RANK } from '../roles/index.js';
import { LASTING_RIGHTS, LIMITED, MADE_PERMANENT } from './lasting-rights.statements.js';
import type { LastingRights } from './outliving-rights.js';

/** Who has rank until when, read from the tables of other modules. */
@Injectable()
export class HeldRights {
  constructor(private readonly sql: Sql) {}

  /** `ownUserId`: the user of whom everything counts. */
  load(orgId: string, ownUserId: string | null): Promise<LastingRights> {
    return this.sql.one<LastingRights>(LASTING_RIGHTS, [orgId, ownUserId, RANK, SYSTEM_ROLES_OF_RANK]);
  }

  /** Ids of the memberships that have an end, in the organization and in workspaces. */
  async listLimited(orgId: string): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(LIMITED, [orgId])).map(({ id }) => id);
  }

  /** The addresses of who has one of these memberships for good. */
  async listMadePermanent(orgId: string, membershipIds: readonly string[]): Promise<string[]> {
    if (membershipIds.length === 0) return [];
    const rows = await this.sql.rows<{ name: string }>(MADE_PERMANENT, [orgId, membershipIds]);
    return unique(rows.map(({ name }) => name));
  }
}
