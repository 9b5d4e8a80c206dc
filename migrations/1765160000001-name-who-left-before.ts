import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names of people who left before names were kept (docs/contract/audit.md#names). An account says what an organization knew
 * only if no organization has it now; whom entries show to have belonged to the organization is no stranger.
 */
export class NameWhoLeftBefore1765160000001 implements MigrationInterface {
  name = 'NameWhoLeftBefore1765160000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BACKFILL);
  }

  async down(): Promise<void> {
    // the table goes with the migration before
  }
}

/** Without casts of texts, so that no entry can make the upgrade fail. */
const BACKFILL = `
  insert into audit_names (org_id, person_id, ids, name, email, named_at)
  select named.org_id, u.id, array[u.id] || coalesce(named.identity_ids, '{}'), u.full_name, u.email, named.named_at
  from (
    select e.org_id, k.user_id, max(e.created_at) as named_at,
      array_agg(distinct e.resource_ids[1]) filter (where k.is_membership and e.resource_ids[1] is not null) as identity_ids
    from audit_entries e cross join lateral (
      select e.user_id::text as user_id, false as is_membership
      where e.succeeded and e.credential_kind is not null and e.operation <> 'send_sso_email_confirmation'
      union all
      select e.details->>'resource_owner_ls_user_id', e.operation = 'delete_org_member'
      union all
      select jsonb_object_keys(m.members), false
      from (values (e.details->'org_members_added'), (e.details->'org_members_removed')) as m (members)
      where jsonb_typeof(m.members) = 'object') k
    where e.org_id is not null and k.user_id is not null
    group by e.org_id, k.user_id) named
  join users u on u.id::text = named.user_id
  where not exists (select from org_memberships m where m.user_id = u.id)
    and not exists (
      select from invitations i where i.email = u.email and i.status = 'pending' and i.org_id <> named.org_id)
  on conflict do nothing`;
