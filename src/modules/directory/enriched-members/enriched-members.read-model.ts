import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { pageWithTotal } from '../../../database/statements/pages.js';
import { Sql } from '../../../database/transactions/sql.js';
import { type PendingMember, PendingMemberDirectory, seesDelivery } from '../../invitations/index.js';
import { WorkspaceMembersService } from '../../members/index.js';
import {
  type EnrichedMembersList,
  type EnrichedMembersScope,
  type MatchingNames,
  matchingNamesOf,
  NO_NAMES,
} from './enriched-member-filter.statements.js';
import { pageOf } from './enriched-member.statements.js';

/** A member or a pending member; `id` is the id of the membership or of the invitation. */
type EnrichedMemberRow = {
  readonly id: string;
  readonly createdAt: Date;
  readonly isPending: boolean;
  readonly userId: string | null;
  readonly email: string;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  readonly isDisabled: boolean;
  /** Null for pending members, and if the member has not been active since activity is stored. */
  readonly lastActiveAt: Date | null;
  readonly roleId: string;
  readonly roleName: string;
  /** Of the membership in the organization, or what the invitation offers; null: permanent. */
  readonly endsAt: Date | null;
  readonly hasEnded: boolean;
  readonly revertsToRoleId: string | null;
  readonly logins: readonly { provider: string; provisioning: string | null }[];
  /** Of the identity provider, oldest first. */
  readonly groups: readonly { name: string; createdAt: string }[];
  readonly workspaces: readonly {
    workspaceId: string;
    workspaceName: string;
    roleId: string;
    roleName: string;
    endsAt: string | null;
    revertsToRoleId: string | null;
  }[];
  /** Present if ids were asked for. */
  readonly foundBy?: readonly string[];
};

export type EnrichedMember = EnrichedMemberRow & {
  /** The invitation of a pending member, if the caller sees how it is delivered. */
  readonly pending: PendingMember | null;
};

type EnrichedMemberPage = { readonly rows: readonly EnrichedMember[]; readonly total: number };

/** Whether the caller sees memberships of all workspaces; other callers see only those of their own workspaces. */
export const canSeeAllWorkspaces = (principal: OrgPrincipal): boolean => principal.can('organization:manage');

/** Activity is personal: only callers who manage the organization see it, and each member their own. */
const canSeeActivity = (principal: OrgPrincipal, { userId }: EnrichedMemberRow): boolean =>
  principal.can('organization:manage') || (userId !== null && userId === principal.userId);

@Injectable()
export class EnrichedMembers {
  constructor(
    private readonly sql: Sql,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly pending: PendingMemberDirectory,
  ) {}

  /** Newest first. */
  async list(principal: OrgPrincipal, query: EnrichedMembersList): Promise<EnrichedMemberPage> {
    const workspaceIds = await this.visibleWorkspaces(principal);
    const { rows, total } = await this.page({ orgId: principal.orgId, workspaceIds }, query);
    const pendingIds = seesDelivery(principal)
      ? rows.flatMap(({ id, isPending }) => (isPending ? id : []))
      : [];
    const pending = await this.pending.find(pendingIds);
    const members = rows.map((row) => ({
      ...row,
      lastActiveAt: canSeeActivity(principal, row) ? row.lastActiveAt : null,
      pending: pending.get(row.id) ?? null,
    }));
    return { rows: members, total };
  }

  private async page(scope: EnrichedMembersScope, query: EnrichedMembersList) {
    const names = matchingNamesOf(scope, query);
    const matching = names ? await this.sql.one<MatchingNames>(names.statement, names.values) : NO_NAMES;
    return pageWithTotal(query, (limit, offset) => {
      const { statement, values } = pageOf(scope, matching, { ...query, limit, offset });
      return this.sql.rows<EnrichedMemberRow & { total: number }>(statement, values);
    });
  }

  private async visibleWorkspaces(principal: OrgPrincipal): Promise<readonly string[] | null> {
    if (canSeeAllWorkspaces(principal)) return null;
    if (principal.userId === null) return principal.key?.workspaceIds ?? null;
    const own = await this.workspaceMembers.listWorkspaceMemberships(principal.orgId, [principal.userId]);
    return own.map(({ workspaceId }) => workspaceId);
  }
}
