import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../../../database/lists/list-reader.js';
import { orderBy, pageOfIds, pageWithTotal } from '../../../database/statements/pages.js';
import { textSearch } from '../../../database/statements/text-search.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { PasswordLinks } from '../../passwords/index.js';
import { pageOfIdsByRole } from '../../roles/index.js';
import { InvitationNotFound } from './invitations.errors.js';

/** `accessExpiresAt` is a time in JSON: what the invitation offers in the workspace ends then. */
type PendingGrant = { workspaceId: string; roleId: string; roleName: string; accessExpiresAt: string | null };

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
  /** The end of the offered membership in the organization. */
  accessExpiresAt: Date | null;
  /** A mail was queued when the invitation was sent last. */
  isMailed: boolean;
  /** The mail server refused that mail, with this code. */
  refusedAt: Date | null;
  refusalCode: string | null;
  /** Of the valid link that an admin got, to hand it over. */
  linkMadeAt: Date | null;
  grants: PendingGrant[];
};

type PendingSort = 'name' | 'email' | 'role' | 'created_at';
export type PendingListQuery = {
  limit: number;
  offset: number;
  emails: readonly string[];
  q: string | null;
  /** Only those to whom a password link can be handed over, and who have no valid one. */
  waitingForLink: boolean;
  mailRefused: boolean;
  sortBy: PendingSort;
  descending: boolean;
  /** Of the organization, or of the workspace if the list is that of one. */
  roleIds: readonly string[];
  isExpired: boolean | null;
};

/** All of the organization, or those that grant the workspace. */
export type PendingScope = { readonly orgId: string; readonly workspaceId: string | null };

const IS_EXPIRED = 'coalesce(i.expires_at <= now(), false)';

const REFUSED_AT = `case when mail.state = 'refused' then mail.settled_at end`;

const COLUMNS = `
  i.id, i.org_id as "orgId", i.email, i.full_name as "fullName", i.org_role_id as "orgRoleId",
  r.display_name as "orgRoleName", i.created_at as "createdAt", i.expires_at as "expiresAt",
  ${IS_EXPIRED} as "isExpired", i.access_expires_at as "accessExpiresAt",
  mail.invitation_id is not null as "isMailed", ${REFUSED_AT} as "refusedAt",
  case when mail.state = 'refused' then mail.code end as "refusalCode",
  (select l.created_at from password_links l
    where l.invitation_id = i.id and l.handed_over_by_user_id is not null
      and l.used_at is null and l.expires_at > now()) as "linkMadeAt",
  coalesce((
    select jsonb_agg(
      jsonb_build_object('workspaceId', w.workspace_id, 'roleId', w.role_id, 'roleName', wr.display_name,
        'accessExpiresAt', w.access_expires_at)
      order by w.created_at, w.workspace_id)
    from invitation_workspaces w join roles wr on wr.id = w.role_id
    where w.invitation_id = i.id), '[]') as grants`;

const JOINS = `
  join roles r on r.id = i.org_role_id
  left join mails mail on mail.invitation_id = i.id`;

const PENDING_BY_IDS: Statement = named('pending_directory_by_ids')`
  select ${COLUMNS} from invitations i ${JOINS} where i.id = any($1)`;

const NEWEST_FIRST = 'order by i.created_at desc, i.id desc';

const ALL_PENDING_IN_ORG: Statement = named('pending_directory_all_in_org')`
  select ${COLUMNS} from invitations i ${JOINS}
  where i.org_id = $1 and i.status = 'pending' ${NEWEST_FIRST}`;

const ALL_PENDING_IN_WORKSPACE: Statement = named('pending_directory_all_in_workspace')`
  select ${COLUMNS} from invitations i ${JOINS}
  join invitation_workspaces here on here.invitation_id = i.id and here.workspace_id = $1
  where i.status = 'pending' ${NEWEST_FIRST}`;

/** In the order of an index. */
const KEYS: Record<PendingSort, string> = {
  name: 'i.full_name',
  email: 'i.email',
  role: 'r.display_name',
  created_at: 'i.created_at',
};

/** Only `waitingForLink` shows whether an address has an account, to those who may make links. */
@Injectable()
export class PendingMemberDirectory {
  constructor(
    private readonly sql: Sql,
    private readonly links: PasswordLinks,
  ) {}

  /** One that was just changed, whatever became of it since. @throws InvitationNotFound */
  async get(id: string): Promise<PendingMember> {
    const found = (await this.find([id])).get(id);
    if (!found) throw new InvitationNotFound();
    return found;
  }

  async find(ids: readonly string[]): Promise<Map<string, PendingMember>> {
    if (ids.length === 0) return new Map();
    const rows = await this.sql.rows<PendingMember>(PENDING_BY_IDS, [ids]);
    return new Map(rows.map((pendingMember) => [pendingMember.id, pendingMember]));
  }

  async list(
    scope: PendingScope,
    query: PendingListQuery,
  ): Promise<{ rows: PendingMember[]; total: number }> {
    if (query.waitingForLink && !this.links.areHandedOver) return { rows: [], total: 0 };
    return pageWithTotal(query, (limit, offset) => {
      const { statement, values } = pageOf(scope, { ...query, limit, offset });
      return this.sql.rows<PendingMember & { total: number }>(statement, values);
    });
  }

  /** How many the list has with `waitingForLink`, at most `MOST_COUNTED`; null where no link is handed over. */
  async countWaitingForLink(orgId: string): Promise<number | null> {
    if (!this.links.areHandedOver) return null;
    return (await this.sql.one<{ total: number }>(COUNT_WAITING, [orgId])).total;
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

/** One page, each row with `total`. Its ids come first, by an index-only scan if there is no filter. */
export function pageOf(
  scope: PendingScope,
  query: PendingListQuery,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [scope.orgId, query.limit, query.offset];
  if (scope.workspaceId !== null) values.push(scope.workspaceId);
  const filters = filtersOf(scope, query, values);
  const page = (total: string, ids: string) => `
    select ${COLUMNS}, (${total}) as total from invitations i ${JOINS}
    where i.id = any(array(${ids})) ${orderBy(query, KEYS[query.sortBy], 'i.id')}`;
  if (filters.length === 0) {
    const order = `${query.sortBy}_${query.descending ? 'desc' : 'asc'}`;
    const name = scope.workspaceId === null ? `pending_directory_by_${order}` : UNNAMED;
    return { statement: { name, text: page(totalOf(scope), idsOf(scope, query)) }, values };
  }
  const text = `
    with matching as materialized (
      select i.id, ${KEYS[query.sortBy]} as key ${withGrants(scope)} ${JOINS} where ${[PENDING, ...filters].join(' and ')})
    ${page(
      'select count(*)::int from matching',
      `select id from matching ${orderBy(query, 'key', 'id')} limit $2 offset $3`,
    )}`;
  return { statement: { name: UNNAMED, text }, values };
}

/** Named, a statement soon gets one plan for every filter and workspace, whether few or many invitations match. */
const UNNAMED = '';

/** The parameters are appended to `values`. */
function filtersOf(scope: PendingScope, query: PendingListQuery, values: unknown[]): string[] {
  const { emails, q, waitingForLink, mailRefused, roleIds, isExpired } = query;
  const filters: string[] = [];
  if (emails.length > 0) filters.push(`i.email = any($${values.push(emails)}::text[])`);
  if (q !== null) {
    const { patterns, condition } = textSearch(q);
    const parameters = patterns.map((pattern) => `$${values.push(pattern)}`);
    filters.push(condition('i.email', 'i.full_name', ...parameters));
  }
  if (waitingForLink) filters.push(WAITS_FOR_LINK);
  if (mailRefused) filters.push(`${REFUSED_AT} is not null`);
  const role = scope.workspaceId === null ? 'i.org_role_id' : 'here.role_id';
  if (roleIds.length > 0) filters.push(`${role} = any($${values.push(roleIds)}::uuid[])`);
  if (isExpired !== null) filters.push(`${IS_EXPIRED} = $${values.push(isExpired)}`);
  return filters;
}

/** Also a mailed link counts. An account with a password or a membership gets no link, see `HandedOverLink`. */
const WAITS_FOR_LINK = `
  (i.expires_at is null or i.expires_at > now())
  and not exists (
    select from password_links l where l.invitation_id = i.id and l.used_at is null and l.expires_at > now())
  and not exists (
    select from users u where u.email = i.email and (
      exists (select from passwords p where p.user_id = u.id)
      or exists (select from current_org_memberships m where m.user_id = u.id)))`;

const PENDING = `i.org_id = $1 and i.status = 'pending'`;

/** Each of them costs a look-up of the account. */
const MOST_COUNTED = 10_000;

const COUNT_WAITING = named('pending_directory_count_waiting')`
  select count(*)::int as total from (
    select from invitations i where ${PENDING} and ${WAITS_FOR_LINK} limit ${MOST_COUNTED}) w`;

const withGrants = ({ workspaceId }: PendingScope): string =>
  workspaceId === null
    ? 'from invitations i'
    : `from invitation_workspaces here join invitations i on i.id = here.invitation_id and here.workspace_id = $4`;

const totalOf = (scope: PendingScope): string =>
  scope.workspaceId === null
    ? 'select pending from headcounts where org_id = $1'
    : `select count(*)::int ${withGrants(scope)} where ${PENDING}`;

/** `is true` keeps the order of the index: the planner would sort the result of a semijoin. */
const listed = ({ workspaceId }: PendingScope): string =>
  `from invitations i where ${PENDING} ${
    workspaceId === null
      ? ''
      : 'and exists (select from invitation_workspaces w where w.invitation_id = i.id and w.workspace_id = $4) is true'
  }`;

function idsOf(scope: PendingScope, query: PendingListQuery): string {
  const rows = { listed: listed(scope), id: 'i.id' };
  if (query.sortBy !== 'role') return pageOfIds(query, { ...rows, key: KEYS[query.sortBy] });
  return pageOfIdsByRole(query.descending, { ...rows, roleId: 'i.org_role_id', orgId: '$1' });
}
