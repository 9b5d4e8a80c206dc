import { Injectable } from '@nestjs/common';
import { unique } from '../../../common/collections.js';
import { inNfc } from '../../../common/place-name.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { ROLE_SHAPE } from '../protocol/schemas.js';
import { isStorable, type Json } from '../protocol/value.js';
import { type Columns, orderBy, schemasColumn } from '../query/columns.js';
import { keyOf, type ListQuery, listStatement, whereOf } from '../query/list.statements.js';
import { type PageRequest, ScimPages } from '../query/scim-pages.read-model.js';
import { type NamedRole, type RoleNames, textsIn } from './role-values.js';

export type ScimRole = Pick<NamedRole, 'id' | 'display'> & { readonly version: string };

/** A role changes with its name only. */
const versioned = ({ id, display }: Pick<NamedRole, 'id' | 'display'>): ScimRole => ({
  id,
  display,
  version: Buffer.from(display).toString('base64url'),
});

/** The id of a role, of an organization or after that of the workspace; in lower case. */
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
export const isRoleId = (sql: string): string => `${sql} ~ '^(${UUID}:)?${UUID}$'`;
export const isWorkspaceRoleId = (sql: string): string => `${sql} ~ '^${UUID}:${UUID}$'`;

/** Of the organization `$1`: its roles, and each role of workspaces in each of its workspaces. */
const ALL_ROLES = `(
  select $1::uuid as org_id, r.id::text as id, r.display_name, r.created_at
  from roles r where r.access_scope = 'organization' and r.org_id is null
  union all
  select $1::uuid, w.id || ':' || r.id, w.display_name || '/' || r.display_name, w.created_at
  from workspaces w join roles r on r.access_scope = 'workspace' and (r.org_id is null or r.org_id = w.org_id)
  where w.org_id = $1)`;

const COLUMNS: Columns = {
  schemas: schemasColumn(`array['${ROLE_SHAPE.core.id}']`),
  id: { kind: 'text', sql: 'r.id', caseExact: true },
  displayName: { kind: 'text', sql: 'r.display_name', caseExact: true },
};

const pageOf = (query: ListQuery): Statement =>
  listStatement(
    'scim_roles_page',
    query,
    `select r.id, r.display_name as display, ${query.after ? '0' : 'count(*) over ()'} as total${keyOf(query)}
     from ${ALL_ROLES} r ${whereOf(query, 'r')} order by ${orderBy(query.order)} limit $2 offset $3`,
  );

/**
 * The roles that each text of `$2` names, by id or by name; `$3` to `$5` are its splits. `offset 0`: workspaces and roles are read
 * once, however many texts there are. `counts`: docs/contract/scim.md#roles.
 */
const NAMED: Statement = named('scim_roles_named')`
  with given as (select text, lower(text) as id from unnest($2::text[]) as given (text)),
  ids as (
    select text, right(id, 36)::uuid as role_id,
      case when ${isWorkspaceRoleId('id')} then left(id, 36)::uuid end as workspace_id
    from given where ${isRoleId('id')} offset 0)
  select ids.text, r.id as "roleId", w.id as "workspaceId",
    coalesce(w.display_name || '/', '') || r.display_name as display, true as counts
  from ids join roles r on r.id = ids.role_id and (r.org_id is null or r.org_id = $1)
    left join workspaces w on w.id = ids.workspace_id and w.org_id = $1
  where case r.access_scope when 'organization' then ids.workspace_id is null else w.id is not null end
  union all
  select given.text, r.id, null, r.display_name, true
  from given join roles r on r.display_name = given.text and r.access_scope = 'organization' and r.org_id is null
  union all
  select names.text, r.id, w.id, names.text, w.name_counts_in_groups
  from unnest($3::text[], $4::text[], $5::text[]) as names (text, workspace_name, role_name)
    join (select id, display_name, name_counts_in_groups from workspaces where org_id = $1 offset 0) w
      on w.display_name = names.workspace_name
    join (
      select id, display_name from roles
      where access_scope = 'workspace' and (org_id is null or org_id = $1) offset 0) r
      on r.display_name = names.role_name`;

type NamedRow = Omit<NamedRole, 'id'> & { readonly text: string; readonly counts: boolean };

const MAX_LENGTH = 500; // characters of a text; longer ones name nothing
const MAX_SLASHES = 10;

@Injectable()
export class ScimRolesRepository {
  constructor(
    private readonly sql: Sql,
    private readonly pages: ScimPages,
  ) {}

  async find(orgId: string, id: string): Promise<ScimRole | null> {
    const role = (await this.findNamed(orgId, [id])).get(id);
    return typeof role === 'object' && role.id === id ? versioned(role) : null;
  }

  /** @throws ScimError invalidFilter, invalidCursor */
  async page(orgId: string, request: PageRequest) {
    const list = { orgId, name: 'roles', shape: ROLE_SHAPE, columns: COLUMNS, alias: 'r' } as const;
    const page = await this.pages.read<Omit<ScimRole, 'version'>>(list, request, pageOf);
    return { ...page, rows: page.rows.map(versioned) };
  }

  /** What the texts in `roles` of these rows mean. */
  findNamedIn(orgId: string, rows: readonly { readonly roles?: Json }[]): Promise<RoleNames> {
    const texts = rows.flatMap(({ roles }) => textsIn(roles));
    return this.findNamed(orgId, texts);
  }

  /** What these texts mean: the ids and names of roles. */
  async findNamed(orgId: string, texts: readonly string[]): Promise<RoleNames> {
    const possible = unique(texts).filter((text) => text.length <= MAX_LENGTH && isStorable(text));
    if (possible.length === 0) return new Map();
    const splits = possible.flatMap(splitsOf);
    const columns = [0, 1, 2].map((column) => splits.map((split) => split[column]));
    const rows = await this.sql.rows<NamedRow>(NAMED, [orgId, possible, ...columns]);
    const byText = Map.groupBy(rows, ({ text }) => text);
    return new Map([...byText].map(([text, found]) => [text, meaningOf(found)]));
  }
}

/** The names of a workspace and of a role, with a slash between them, which both may contain. A text with many names nothing. */
function splitsOf(text: string): (readonly [text: string, workspaceName: string, roleName: string])[] {
  const slashes = [...text.matchAll(/\//g)].map(({ index }) => index);
  if (slashes.length > MAX_SLASHES) return [];
  return slashes.map((at) => [text, inNfc(text.slice(0, at)), text.slice(at + 1)]);
}

function meaningOf(rows: readonly NamedRow[]): NamedRole | 'ambiguous' | 'unconfirmed' {
  const [row, ...others] = rows.filter(({ counts }) => counts);
  if (!row) return 'unconfirmed';
  if (others.length > 0) return 'ambiguous';
  const { workspaceId, roleId, display } = row;
  return { workspaceId, roleId, display, id: workspaceId === null ? roleId : `${workspaceId}:${roleId}` };
}
