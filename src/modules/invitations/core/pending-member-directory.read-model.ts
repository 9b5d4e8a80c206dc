import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../../../database/lists/list-cursor.js';
import { pageWithTotal } from '../../../database/statements/pages.js';
import { Sql } from '../../../database/transactions/sql.js';
import { InvitationNotFound } from './invitations.errors.js';
import {
  ALL_PENDING_IN_ORG,
  ALL_PENDING_IN_WORKSPACE,
  pageOf,
  PENDING_BY_IDS,
  type PendingListQuery,
  type PendingScope,
} from './pending-member.statements.js';

type PendingGrant = { workspaceId: string; roleId: string; roleName: string };

/** A pending invitation as lists show it: with role names, and with its workspaces, oldest first. */
export type PendingMember = {
  id: string;
  orgId: string;
  email: string;
  fullName: string | null;
  orgRoleId: string;
  orgRoleName: string;
  createdAt: Date;
  expiresAt: Date | null;
  isExpired: boolean;
  /** A mail was queued when the invitation was sent last. */
  isMailed: boolean;
  /** Of the valid link that an admin got, to hand it over. */
  linkMadeAt: Date | null;
  grants: PendingGrant[];
};

/**
 * Read model of pending invitations. It does not show whether an address has an account before its user has accepted.
 */
@Injectable()
export class PendingMemberDirectory {
  constructor(private readonly sql: Sql) {}

  /**
   * For an invitation that was just changed; shows it as it was if it has ended since.
   *
   * @throws InvitationNotFound
   */
  async get(id: string): Promise<PendingMember> {
    const pendingMember = (await this.find([id])).get(id);
    if (!pendingMember) throw new InvitationNotFound();
    return pendingMember;
  }

  /** By invitation id. */
  async find(ids: readonly string[]): Promise<Map<string, PendingMember>> {
    if (ids.length === 0) return new Map();
    const rows = await this.sql.rows<PendingMember>(PENDING_BY_IDS, [ids]);
    return new Map(rows.map((pendingMember) => [pendingMember.id, pendingMember]));
  }

  list(scope: PendingScope, query: PendingListQuery): Promise<{ rows: PendingMember[]; total: number }> {
    return pageWithTotal(query, (limit, offset) => {
      const { statement, values } = pageOf(scope, { ...query, limit, offset });
      return this.sql.rows<PendingMember & { total: number }>(statement, values);
    });
  }

  /** Newest first. */
  allInOrg(orgId: string): ListQuery<PendingMember> {
    return { statement: ALL_PENDING_IN_ORG, values: [orgId] };
  }

  /** Newest first. */
  allInWorkspace(workspaceId: string): ListQuery<PendingMember> {
    return { statement: ALL_PENDING_IN_WORKSPACE, values: [workspaceId] };
  }
}
