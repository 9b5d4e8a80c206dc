import { createHash } from 'node:crypto';
import type { Statement } from '../../../database/sql.js';

type PendingSort = 'name' | 'email' | 'role' | 'created_at';
export type PendingListQuery = {
  limit: number;
  offset: number;
  emails: readonly string[];
  q: string | null;
  sortBy: PendingSort;
  descending: boolean;
};

export type PendingScope = { orgId: string } | { workspaceId: string };

type Filled = { statement: Statement; values: readonly unknown[] };

const COLUMNS = `
  i.id, i.org_id as "orgId", i.email, i.full_name as "fullName", i.org_role_id as "orgRoleId",
  r.display_name as "orgRoleName", i.created_at as "createdAt", i.expires_at as "expiresAt",
  coalesce(i.expires_at <= now(), false) as "isExpired",
  coalesce((
    select jsonb_agg(
      jsonb_build_object('workspaceId', w.workspace_id, 'roleId', w.role_id, 'roleName', wr.display_name)
      order by w.created_at, w.workspace_id)
    from invitation_workspaces w join roles wr on wr.id = w.role_id
    where w.invitation_id = i.id), '[]') as grants`;

const JOINS = `join roles r on r.id = i.org_role_id`;

/** The invitations to the workspace `$1`. */
const TO_WORKSPACE =
  'join invitation_workspaces here on here.invitation_id = i.id and here.workspace_id = $1';

const SORT: Record<PendingSort, string> = {
  name: 'i.full_name',
  email: 'i.email',
  role: '(select display_name from roles where roles.id = i.org_role_id)',
  created_at: 'i.created_at',
};

export const PENDING_BY_IDS: Statement = {
  name: 'pending_directory_by_ids',
  text: `select ${COLUMNS} from invitations i ${JOINS} where i.id = any($1)`,
};

const NEWEST_FIRST = 'order by i.created_at desc, i.id desc';

export const ALL_PENDING_IN_ORG: Statement = {
  name: 'pending_directory_all_in_org',
  text: `
    select ${COLUMNS} from invitations i ${JOINS}
    where i.org_id = $1 and i.status = 'pending' ${NEWEST_FIRST}`,
};

export const ALL_PENDING_IN_WORKSPACE: Statement = {
  name: 'pending_directory_all_in_workspace',
  text: `
    select ${COLUMNS} from invitations i ${JOINS} ${TO_WORKSPACE}
    where i.status = 'pending' ${NEWEST_FIRST}`,
};

const COUNT_IN_ORG: Statement = {
  name: 'pending_directory_count_in_org',
  text: 'select coalesce((select pending from headcounts where org_id = $1), 0) as total',
};

export function pageOf(scope: PendingScope, query: PendingListQuery): Filled {
  const { text, values } = filtered(scope, query);
  const direction = query.descending ? 'desc' : 'asc';
  const order = `${SORT[query.sortBy]} ${direction} nulls last, i.id ${direction}`;
  const page = `select i.id ${text} order by ${order} limit $${values.length + 1} offset $${values.length + 2}`;
  const statement = namedStatement(
    `select ${COLUMNS} from (${page}) page join invitations i on i.id = page.id ${JOINS} order by ${order}`,
  );
  return { statement, values: [...values, query.limit, query.offset] };
}

/** The number of rows on all pages, as `total`. */
export function countOf(scope: PendingScope, query: PendingListQuery): Filled {
  const { text, values } = filtered(scope, query);
  const isUnfiltered = query.emails.length === 0 && query.q === null;
  if (isUnfiltered && 'orgId' in scope) return { statement: COUNT_IN_ORG, values };
  return { statement: namedStatement(`select count(*)::int as total ${text}`), values };
}

function filtered(scope: PendingScope, { emails, q }: PendingListQuery): { text: string; values: unknown[] } {
  const values: unknown[] = ['orgId' in scope ? scope.orgId : scope.workspaceId];
  const conditions = [`i.status = 'pending'`];
  if ('orgId' in scope) conditions.push('i.org_id = $1');
  if (emails.length > 0) conditions.push(`i.email = any($${values.push(emails)})`);
  if (q !== null) conditions.push(matches(`$${values.push(q)}`));
  const parts = 'orgId' in scope ? '' : TO_WORKSPACE;
  return { text: `from invitations i ${parts} where ${conditions.join(' and ')}`, values };
}

/** Matches a substring of the address or the name; no character is special. */
const matches = (q: string) =>
  `(position(lower(${q}) in i.email) > 0 or position(lower(${q}) in lower(coalesce(i.full_name, ''))) > 0)`;

/** The number of distinct texts is small: they vary by field and direction, not by value. */
const namedStatement = (text: string): Statement => ({
  name: `pending_directory_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`,
  text,
});
