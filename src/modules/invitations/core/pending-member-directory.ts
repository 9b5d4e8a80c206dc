import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../database/sql.js';
import { InvitationNotFound } from './invitations.errors.js';

type PendingGrant = { workspaceId: string; roleId: string };

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
  grants: PendingGrant[];
};

type PendingSort = 'name' | 'email' | 'role' | 'created_at';
export type PendingListQuery = {
  limit: number | null;
  offset: number;
  emails: readonly string[];
  q: string | null;
  sortBy: PendingSort;
  descending: boolean;
};

/** All pending members, newest first. */
export const ALL_PENDING: PendingListQuery = {
  limit: null,
  offset: 0,
  emails: [],
  q: null,
  sortBy: 'created_at',
  descending: true,
};

type PendingScope = { orgId: string } | { workspaceId: string };

const COLUMNS = `
  i.id, i.org_id as "orgId", i.email, i.full_name as "fullName", i.org_role_id as "orgRoleId",
  r.display_name as "orgRoleName", i.created_at as "createdAt", i.expires_at as "expiresAt",
  coalesce(i.expires_at <= now(), false) as "isExpired",
  coalesce((
    select jsonb_agg(jsonb_build_object('workspaceId', w.workspace_id, 'roleId', w.role_id)
      order by w.created_at, w.workspace_id)
    from invitation_workspaces w
    where w.invitation_id = i.id), '[]') as grants`;

const JOINS = `join roles r on r.id = i.org_role_id`;

const SORT: Record<PendingSort, string> = {
  name: 'i.full_name',
  email: 'i.email',
  role: '(select display_name from roles where roles.id = i.org_role_id)',
  created_at: 'i.created_at',
};

const BY_IDS = {
  name: 'pending_directory_by_ids',
  text: `select ${COLUMNS} from invitations i ${JOINS} where i.id = any($1)`,
};

const COUNT_IN_ORG = {
  name: 'pending_directory_count_in_org',
  text: 'select coalesce((select pending from headcounts where org_id = $1), 0) as total',
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
    const rows = await this.sql.rows<PendingMember>(BY_IDS, [ids]);
    return new Map(rows.map((pendingMember) => [pendingMember.id, pendingMember]));
  }

  async list(
    scope: PendingScope,
    query: PendingListQuery,
  ): Promise<{ rows: PendingMember[]; total: number }> {
    return { rows: await this.page(scope, query), total: await this.total(scope, query) };
  }

  page(scope: PendingScope, query: PendingListQuery): Promise<PendingMember[]> {
    const { text, values } = filtered(scope, query);
    const order = `${SORT[query.sortBy]} ${query.descending ? 'desc' : 'asc'} nulls last, i.id ${query.descending ? 'desc' : 'asc'}`;
    const page = `select i.id ${text} order by ${order} limit $${values.length + 1} offset $${values.length + 2}`;
    return this.sql.rows<PendingMember>(
      namedStatement(
        `select ${COLUMNS} from (${page}) page join invitations i on i.id = page.id ${JOINS} order by ${order}`,
      ),
      [...values, query.limit, query.offset],
    );
  }

  private async total(scope: PendingScope, query: PendingListQuery): Promise<number> {
    const { text, values } = filtered(scope, query);
    const unfiltered = query.emails.length === 0 && query.q === null;
    const counted =
      unfiltered && 'orgId' in scope
        ? await this.sql.row<{ total: number }>(COUNT_IN_ORG, values)
        : await this.sql.row<{ total: number }>(
            namedStatement(`select count(*)::int as total ${text}`),
            values,
          );
    return counted?.total ?? 0;
  }
}

function filtered(scope: PendingScope, { emails, q }: PendingListQuery): { text: string; values: unknown[] } {
  const values: unknown[] = ['orgId' in scope ? scope.orgId : scope.workspaceId];
  const conditions = [`i.status = 'pending'`];
  if ('orgId' in scope) conditions.push('i.org_id = $1');
  if (emails.length > 0) conditions.push(`i.email = any($${values.push(emails)})`);
  if (q !== null) conditions.push(matches(`$${values.push(q)}`));
  const parts =
    'orgId' in scope
      ? ''
      : 'join invitation_workspaces here on here.invitation_id = i.id and here.workspace_id = $1';
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
