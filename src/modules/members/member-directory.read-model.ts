import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../../database/lists/list-reader.js';
import { pageWithTotal } from '../../database/statements/pages.js';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import {
  allMembersOf,
  type MemberQuery,
  type MembersOwner,
  oneMemberOf,
  pageOf,
} from './member.statements.js';
import { IN_ORG, IN_WORKSPACE, memberCountOfOrg, type Scope } from './member-scopes.statements.js';
import { MemberNotFound } from './core/members.errors.js';

/** The columns of a login method; times are in ISO 8601, as PostgreSQL writes them. */
export type MemberLogin = readonly [
  id: string,
  provider: 'email' | 'custom-oidc',
  provisioningMethod: 'bootstrap' | 'scim' | null,
  emailConfirmedAt: string | null,
  providerEmail: string | null,
  providerUsername: string | null,
  createdAt: string,
  updatedAt: string,
];

type Member = {
  readonly id: string;
  readonly orgId: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly email: string;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  readonly isDisabled: boolean;
  readonly roleId: string;
  readonly roleName: string;
  readonly accessExpiresAt: Date | null;
  readonly revertsToRoleId: string | null;
  /** In no order; null if there are none. */
  readonly loginMethods: readonly MemberLogin[] | null;
};

/** With the ids of their workspaces, oldest membership first. */
export type OrgMember = Member & { readonly workspaceIds: readonly string[] };
export type WorkspaceMember = Member & {
  readonly workspaceId: string;
  readonly orgRoleId: string;
  readonly orgRoleName: string;
};

export type MemberPage<M> = { readonly rows: readonly M[]; readonly total: number };

const ALL_IN_ORG = allMembersOf(IN_ORG);
const ALL_IN_WORKSPACE = allMembersOf(IN_WORKSPACE);
const ONE_IN_ORG = oneMemberOf(IN_ORG);
const ONE_IN_WORKSPACE = oneMemberOf(IN_WORKSPACE);

/** `ending`: as the list finds with `endsBefore`, by the index of the table, which the view hides. $2: days. */
const COUNT_MEMBERS = named('headcounts_count_members')`
  select ${memberCountOfOrg('$1')} as members, h.pending, (
    select count(*)::int from org_memberships m
    where m.org_id = $1 and m.access_expires_at > now() and m.access_expires_at < now() + make_interval(days => $2::int)) as ending,
    now() as "countedAt"
  from headcounts h where h.org_id = $1`;

const COUNT_SEATS = named('headcounts_count_seats')`
  select ${memberCountOfOrg('$1')} + pending_seats as taken from headcounts where org_id = $1`;

@Injectable()
export class MemberDirectory {
  constructor(private readonly sql: Sql) {}

  listOrgMembers(orgId: string, query: MemberQuery): Promise<MemberPage<OrgMember>> {
    return this.list<OrgMember>(IN_ORG, { orgId, workspaceId: null }, query);
  }

  listWorkspaceMembers(
    orgId: string,
    workspaceId: string,
    query: MemberQuery,
  ): Promise<MemberPage<WorkspaceMember>> {
    return this.list<WorkspaceMember>(IN_WORKSPACE, { orgId, workspaceId }, query);
  }

  /** Newest first. */
  allOrgMembers(orgId: string): ListQuery<OrgMember> {
    return { statement: ALL_IN_ORG, values: [orgId] };
  }

  /** Newest first. */
  allWorkspaceMembers(workspaceId: string): ListQuery<WorkspaceMember> {
    return { statement: ALL_IN_WORKSPACE, values: [workspaceId] };
  }

  /** @throws MemberNotFound, also for a member of another organization. */
  getOrgMember(orgId: string, membershipId: string): Promise<OrgMember> {
    return this.get<OrgMember>(ONE_IN_ORG, orgId, membershipId);
  }

  /** @throws MemberNotFound, also for a member of another workspace. */
  getWorkspaceMember(workspaceId: string, membershipId: string): Promise<WorkspaceMember> {
    return this.get<WorkspaceMember>(ONE_IN_WORKSPACE, workspaceId, membershipId);
  }

  private async get<M extends Member>(statement: Statement, ownerId: string, id: string): Promise<M> {
    const member = await this.sql.row<M>(statement, [ownerId, id]);
    if (!member) throw new MemberNotFound();
    return member;
  }

  private list<M extends Member>(
    scope: Scope,
    owner: MembersOwner,
    query: MemberQuery,
  ): Promise<MemberPage<M>> {
    return pageWithTotal(query, (limit, offset) => {
      const { statement, values } = pageOf(scope, owner, { ...query, limit, offset });
      return this.sql.rows<M & { total: number }>(statement, values);
    });
  }

  /** Of the members, `ending` have access that ends within so many days. `pending`: invitations, expired ones included. */
  countIn(
    orgId: string,
    endingWithinDays: number,
  ): Promise<{ members: number; pending: number; ending: number; countedAt: Date }> {
    return this.sql.one(COUNT_MEMBERS, [orgId, endingWithinDays]);
  }

  /** Without expired invitations that were counted out. */
  async countSeats(orgId: string): Promise<number> {
    const found = await this.sql.row<{ taken: number }>(COUNT_SEATS, [orgId]);
    return found?.taken ?? 0;
  }
}
