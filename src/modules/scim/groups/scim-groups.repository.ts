import { Injectable } from '@nestjs/common';
import { insertUnlessTaken } from '../../../database/transactions/constraint-violation.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { GROUP_SHAPE, TENANTRY_GROUP_URN } from '../protocol/schemas.js';
import { ScimError } from '../protocol/scim.errors.js';
import { type Columns, comparable, metaColumns, orderBy } from '../query/columns.js';
import { keyOf, type ListQuery, listStatement, whereOf } from '../query/list.statements.js';
import { type PageRequest, ScimPages } from '../query/scim-pages.read-model.js';
import { ScimGroup } from './entities.js';
import type { GroupBinding } from './group-names.js';

export type ScimGroupRow = ScimGroup & {
  readonly workspaceName: string | null;
  readonly roleName: string | null;
  /** A user group of the organization follows it (docs/contract/user-groups.md#synchronization). */
  readonly isFollowed: boolean;
  readonly members: readonly { readonly id: string; readonly name: string }[];
};

type WrittenGroup = Omit<ScimGroup, 'version' | 'createdAt' | 'updatedAt'>;

/** The attributes that groups can be filtered by: all but what a group grants. `g` is the group. */
const GROUP_COLUMNS: Columns = {
  ...metaColumns('g', 'Group', `array['${GROUP_SHAPE.core.id}', '${TENANTRY_GROUP_URN}']`),
  displayName: { kind: 'text', sql: 'g.display_name', isUnique: true },
  members: {
    kind: 'list',
    any: (condition) => `exists (
      select from scim_group_members gm join scim_users s on s.id = gm.scim_user_id
      where gm.group_id = g.id and ${condition})`,
    parts: {
      value: { kind: 'id', sql: 'gm.scim_user_id' },
      $ref: { kind: 'location', sql: 'gm.scim_user_id', endpoint: '/Users/' },
      display: { kind: 'text', sql: `coalesce(s.attributes ->> 'displayName', s.user_name)` },
      type: { kind: 'text', sql: `'User'` },
    },
  },
};

export const GROUP_FIELDS = `
  g.id, g.org_id as "orgId", g.display_name as "displayName", g.external_id as "externalId", g.kind,
  g.org_role as "orgRole", g.workspace_id as "workspaceId", g.role_id as "roleId", g.makes_admins as "makesAdmins",
  g.version, g.created_at as "createdAt", g.updated_at as "updatedAt",
  w.display_name as "workspaceName", r.display_name as "roleName", exists (
    select from user_groups f
    where f.org_id = g.org_id and f.idp_group_name = btrim(g.display_name) and f.idp_sync_enabled) as "isFollowed"`;

export const GROUP_JOINS =
  'left join workspaces w on w.id = g.workspace_id left join roles r on r.id = g.role_id';

const MEMBERS = `(
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', s.id, 'name', coalesce(s.attributes ->> 'displayName', s.user_name)) order by s.created_at, s.id), '[]')
  from scim_group_members gm join scim_users s on s.id = gm.scim_user_id where gm.group_id = g.id) as members`;

const members = (areWanted: boolean) => (areWanted ? MEMBERS : `'[]'::jsonb as members`);

const select = (withMembers: boolean) =>
  `select ${GROUP_FIELDS}, ${members(withMembers)} from scim_groups g ${GROUP_JOINS} where g.org_id = $1`;

const FIND_WITH_MEMBERS = { name: 'scim_groups_find_with_members', text: `${select(true)} and g.id = $2` };
const FIND = { name: 'scim_groups_find_without_members', text: `${select(false)} and g.id = $2` };
const LOCK = { name: 'scim_groups_lock', text: `${select(false)} and g.id = $2 for no key update of g` };

/** Groups that grant nothing, and might after a rename. */
const LIST_IDLE: Statement = named('scim_groups_list_idle')`
  ${select(false)} and (g.kind in ('malformed', 'unknown', 'unconfirmed', 'ambiguous')
    or (g.kind = 'workspace' and g.workspace_id is null))
  order by g.id for no key update of g`;

function pageOf(query: ListQuery, withMembers: boolean): string {
  const columns = `${GROUP_FIELDS}, ${members(withMembers)}${keyOf(query)}`;
  const where = whereOf(query, 'g');
  if (query.condition?.isUnique)
    return `
      select ${columns}, 1 as total
      from (select g.* from scim_groups g ${where} limit $2 offset $3) g ${GROUP_JOINS}`;
  return `
    select ${columns}, p.total
    from (
      select id, row_number() over () as place, total from (
        select g.id, ${query.after ? '0' : 'count(*) over ()'} as total from scim_groups g ${where}
        order by ${orderBy(query.order)} limit $2 offset $3) g) p
    join scim_groups g on g.id = p.id ${GROUP_JOINS}
    order by p.place`;
}

/** Updates nothing if another group has the name or `externalId`. The caller holds the roster lock. */
const UPDATE: Statement = named('scim_groups_update')`
  update scim_groups set display_name = $3, external_id = $4, kind = $5, org_role = $6, workspace_id = $7,
    role_id = $8, makes_admins = $9, version = version + 1, updated_at = now()
  where org_id = $1 and id = $2
    and not exists (
      select from scim_groups o
      where o.org_id = $1 and o.id <> $2 and ${comparable({ sql: 'o.display_name' })} = ${comparable({ sql: '$3::text' })})
    and not exists (select from scim_groups o where o.org_id = $1 and o.id <> $2 and o.external_id = $4)`;

const NAME_EXISTS: Statement = named('scim_groups_name_exists')`
  select 1 from scim_groups
  where org_id = $1 and id <> $2 and ${comparable({ sql: 'display_name' })} = ${comparable({ sql: '$3::text' })}`;

const BIND: Statement = named('scim_groups_bind')`
  update scim_groups g set kind = given.kind, org_role = given."orgRole", workspace_id = given."workspaceId",
    role_id = given."roleId", version = version + 1, updated_at = now()
  from jsonb_to_recordset($2::jsonb)
    as given (id uuid, kind text, "orgRole" text, "workspaceId" uuid, "roleId" uuid)
  where g.org_id = $1 and g.id = given.id`;

@Injectable()
export class ScimGroupsRepository {
  constructor(
    private readonly clock: DatabaseClock,
    private readonly sql: Sql,
    private readonly transaction: Transaction,
    private readonly pages: ScimPages,
  ) {}

  find(orgId: string, id: string, withMembers: boolean): Promise<ScimGroupRow | null> {
    return this.sql.row(withMembers ? FIND_WITH_MEMBERS : FIND, [orgId, id]);
  }

  /** Without its members; the row is locked until the transaction ends. */
  lock(orgId: string, id: string): Promise<ScimGroupRow | null> {
    return this.sql.row(LOCK, [orgId, id]);
  }

  listIdle(orgId: string): Promise<ScimGroupRow[]> {
    return this.sql.rows(LIST_IDLE, [orgId]);
  }

  /** @throws ScimError uniqueness */
  async insert(group: WrittenGroup): Promise<void> {
    const rows = this.transaction.manager.getRepository(ScimGroup);
    const createdAt = await this.clock.now();
    if (!(await insertUnlessTaken(rows, { ...group, version: 1, createdAt, updatedAt: createdAt })))
      throw await this.conflictOf(group);
  }

  /** @throws ScimError uniqueness */
  async update(group: WrittenGroup): Promise<void> {
    const { orgId, id, displayName, externalId, kind, orgRole, workspaceId, roleId, makesAdmins } = group;
    const values = [orgId, id, displayName, externalId, kind, orgRole, workspaceId, roleId, makesAdmins];
    if ((await this.sql.affected(UPDATE, values)) === 0) throw await this.conflictOf(group);
  }

  async bind(orgId: string, groups: readonly (GroupBinding & Pick<ScimGroup, 'id'>)[]): Promise<void> {
    await this.sql.affected(BIND, [orgId, JSON.stringify(groups)]);
  }

  async remove(orgId: string, id: string): Promise<void> {
    await this.transaction.manager.getRepository(ScimGroup).delete({ orgId, id });
  }

  /** @throws ScimError invalidFilter, invalidCursor */
  page(orgId: string, request: PageRequest, withMembers: boolean) {
    const list = { orgId, name: 'groups', shape: GROUP_SHAPE, columns: GROUP_COLUMNS, alias: 'g' } as const;
    return this.pages.read<ScimGroupRow>(list, request, (query) =>
      listStatement('scim_groups_page', query, pageOf(query, withMembers)),
    );
  }

  private async conflictOf({ orgId, id, displayName }: WrittenGroup): Promise<ScimError> {
    const isName = (await this.sql.row(NAME_EXISTS, [orgId, id, displayName])) !== null;
    return new ScimError(
      'uniqueness',
      `Another group has this ${isName ? 'displayName' : 'externalId'} already.`,
    );
  }
}
