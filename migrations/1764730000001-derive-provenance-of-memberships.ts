import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Derives the provenance of existing memberships from invitations and audit entries, as far as these still exist, by
 * the rule by which access was explained before: an accepted invitation ended at the time of its membership, and the
 * audit entry was written within a minute after it. Then drops the indexes that only that rule used.
 */
export class DeriveProvenanceOfMemberships1764730000001 implements MigrationInterface {
  name = 'DeriveProvenanceOfMemberships1764730000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index audit_entries_role_changes on audit_entries (org_id, created_at)
      where operation in ('update_org_member', 'update_workspace_member')`);
    await runner.query(`
      create index invitations_accepted_by_email on invitations (org_id, email) where status = 'accepted'`);
  }
}

/** One row per resource of the entries that created memberships. Of sign-ins only those that granted access. */
const ENTRIES = [
  `create temporary table creating_entries on commit drop as
    select r.id as resource_id, e.org_id, e.id, e.created_at, e.operation, e.user_id,
      case when e.credential_kind <> 'session' then e.credential_id end as key_id,
      e.details #> '{groups,added_workspace_ids}' as group_workspace_ids
    from audit_entries e cross join lateral unnest(e.resource_ids) as r(id)
    where e.succeeded and (
      e.operation in ('create_organization', 'create_tenant', 'create_workspace', 'add_member_to_workspace',
        'add_members_to_workspace_batch', 'add_basic_auth_users_to_org', 'invite_users_to_org_batch',
        'claim_pending_organization_invite', 'claim_pending_workspace_invite', 'create_scim_user',
        'update_scim_user', 'create_scim_group', 'update_scim_group')
      or (e.operation = 'login' and (e.details ->> 'rule' in ('jit', 'invitation')
        or e.details #> '{groups,added_workspace_ids,0}' is not null)))`,
  'create index on creating_entries (resource_id, created_at)',
  'analyze creating_entries',
];

/** The code path, from the source of the membership `h` and its entry `e`. Sources that never change name it alone. */
const createdVia = (inOrg: boolean) => `case
  when h.source = 'invitation' then 'invitation'
  when h.source = 'jit' then 'jit'
  when h.source = 'sso_group' then '${inOrg ? 'jit' : 'sso_group'}'
  when e.operation = 'login' then
    case when e.group_workspace_ids ? h.workspace_id::text then 'sso_group' else 'jit' end
  when e.operation in ('create_organization', 'create_tenant') then
    case when h.source = 'bootstrap' then 'bootstrap' else 'organization_creation' end
  when e.operation = 'create_workspace' then 'workspace_creation'
  when e.operation like '%scim%' then '${inOrg ? 'scim_user' : 'scim_group'}'
  when e.id is not null then 'direct_add'
  else 'unknown' end`;

/**
 * `held`: the memberships, with the organization membership of their user as `member_id`. The lateral query looks up each
 * membership in the index; a join on `org_id` would compare all members of an organization with all its entries.
 */
const derive = (table: string, held: string, inOrg: boolean) => `
  update ${table} m set created_via = d.via, created_audit_entry_id = d.entry_id, invitation_id = d.invitation_id,
    created_by_user_id = case
      when d.via = 'invitation' then d.invited_by_user_id
      when d.via not in ('jit', 'sso_group') then d.user_id end,
    created_by_key_id = case when d.via not in ('invitation', 'jit', 'sso_group') then d.key_id end
  from (
    select h.id, ${createdVia(inOrg)} as via, i.id as invitation_id, i.invited_by_user_id, e.id as entry_id, e.user_id,
      e.key_id
    from (${held}) h
    left join lateral (
      select o.id, o.invited_by_user_id from invitations o
      where o.org_id = h.org_id and o.email = h.email and o.status = 'accepted' and o.ended_at = h.created_at
      limit 1) i on h.source = 'invitation'
    left join scim_users s on s.org_id = h.org_id and s.user_id = h.user_id
    left join lateral (
      select c.* from creating_entries c
      where c.resource_id = any(array[h.id, h.member_id, h.user_id, s.id, h.workspace_id, h.org_id, i.id])
        and c.org_id = h.org_id
        and c.created_at between h.created_at - interval '1 millisecond' and h.created_at + interval '1 minute'
      order by c.resource_id = h.id desc, c.created_at, c.id limit 1) e on true) d
  where d.id = m.id and d.via <> 'unknown'`;

const ORG_MEMBERSHIPS = `
  select m.id, m.id as member_id, m.org_id, m.user_id, null::uuid as workspace_id, m.source, m.created_at, u.email
  from org_memberships m join users u on u.id = m.user_id`;

const WORKSPACE_MEMBERSHIPS = `
  select w.id, m.id as member_id, w.org_id, w.user_id, w.workspace_id, w.source, w.created_at, u.email
  from workspace_memberships w
  join org_memberships m on m.org_id = w.org_id and m.user_id = w.user_id
  join users u on u.id = w.user_id`;

const roleChanges = (table: string, operation: string) => `
  update ${table} m set role_changed_at = c.created_at, role_changed_by_user_id = c.user_id,
    role_changed_by_key_id = c.key_id, role_changed_audit_entry_id = c.entry_id
  from (
    select distinct on (r.id) r.id, e.org_id, e.created_at, e.user_id, e.id as entry_id,
      case when e.credential_kind <> 'session' then e.credential_id end as key_id
    from audit_entries e cross join lateral unnest(e.resource_ids) as r(id)
    where e.succeeded and e.operation = '${operation}'
    order by r.id, e.created_at desc, e.id desc) c
  where c.id = m.id and c.org_id = m.org_id and c.created_at >= m.created_at`;

const UP = [
  ...ENTRIES,
  derive('org_memberships', ORG_MEMBERSHIPS, true),
  derive('workspace_memberships', WORKSPACE_MEMBERSHIPS, false),
  'drop table creating_entries',
  roleChanges('org_memberships', 'update_org_member'),
  roleChanges('workspace_memberships', 'update_workspace_member'),
  'drop index audit_entries_role_changes',
  'drop index invitations_accepted_by_email',
];
