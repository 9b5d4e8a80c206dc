import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who chose each password, and what it proves of the address (docs/contract/passwords.md#what-a-password-proves);
 * unknown for existing passwords. A password that proves nothing is deleted with the last membership, on every path.
 * Users who lost their last membership earlier lose such a password now, unless the only organization still invites
 * them and no personal organization created them by SCIM.
 */
export class RememberWhoChosePasswords1764600000000 implements MigrationInterface {
  name = 'RememberWhoChosePasswords1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `alter table passwords
    add column chosen_by text not null default 'unknown',
    add column vouching_org_id uuid,
    add column address_proved boolean not null default false,
    add constraint passwords_vouching_org_id_fkey
      foreign key (vouching_org_id) references organizations(id) on delete cascade,
    add constraint passwords_chooser_is_known
      check (chosen_by in ('owner', 'organization_admin', 'installation', 'unknown')),
    add constraint passwords_origin_is_consistent check (
      case chosen_by
        when 'owner' then not (address_proved and vouching_org_id is not null)
        when 'unknown' then not address_proved and vouching_org_id is null
        else not address_proved and vouching_org_id is not null
      end)`,
  `create index passwords_vouching_org_id_idx on passwords (vouching_org_id)`,

  // The lock lets two organizations that remove one user concurrently see each other's removal.
  `create function remove_unproved_passwords() returns trigger language plpgsql as $$
  begin
    perform user_id from passwords
    where user_id in (select user_id from old_rows) and not address_proved
    order by user_id for update;
    with removed as (
      delete from passwords p using (select distinct user_id from old_rows) o
      where p.user_id = o.user_id and not p.address_proved
        and not exists (select from org_memberships m where m.user_id = p.user_id)
      returning p.user_id)
    delete from login_methods l using removed r where l.user_id = r.user_id and l.provider = 'email';
    return null;
  end $$`,
  `create trigger remove_passwords_of_left after delete on org_memberships
    referencing old table as old_rows for each statement execute function remove_unproved_passwords()`,

  `with shared as (select id from organizations where not is_personal),
    removed as (
      delete from passwords p using users u
      where u.id = p.user_id
        and not exists (select from org_memberships m where m.user_id = p.user_id)
        and not (
          (select count(*) from shared) = 1
          and exists (
            select from invitations i join shared s on s.id = i.org_id where i.email = u.email and i.status = 'pending')
          and not exists (
            select from audit_entries a join organizations o on o.id = a.org_id
            where o.is_personal and a.operation = 'create_scim_user' and u.id = any(a.resource_ids)))
      returning p.user_id),
    sessions_of_removed as (
      delete from sessions s using removed r where s.user_id = r.user_id and s.method = 'password')
  delete from login_methods l using removed r where l.user_id = r.user_id and l.provider = 'email'`,
];

const DOWN = [
  `drop trigger remove_passwords_of_left on org_memberships`,
  `drop function remove_unproved_passwords`,
  `alter table passwords drop column chosen_by, drop column vouching_org_id, drop column address_proved`,
];
