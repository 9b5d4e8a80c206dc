import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links with which people set a password (docs/contract/passwords.md#password-links). */
export class CreatePasswordLinks1764840000001 implements MigrationInterface {
  name = 'CreatePasswordLinks1764840000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table password_links (
        id uuid not null,
        digest bytea not null,
        purpose text not null,
        email text not null,
        user_id uuid,
        invitation_id uuid,
        org_id uuid,
        handed_over_by_user_id uuid,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        used_at timestamptz,
        constraint password_links_pkey primary key (id),
        constraint password_links_digest_key unique (digest),
        constraint password_links_one_per_user_and_purpose unique (user_id, purpose),
        constraint password_links_one_per_invitation unique (invitation_id),
        constraint password_links_user_id_fkey foreign key (user_id) references users(id) on delete cascade,
        constraint password_links_invitation_id_fkey
          foreign key (invitation_id) references invitations(id) on delete cascade,
        constraint password_links_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
        constraint password_links_handed_over_by_user_id_fkey
          foreign key (handed_over_by_user_id) references users(id) on delete cascade,
        constraint password_links_purpose_is_known check (purpose in ('invitation', 'account', 'forgotten')),
        constraint password_links_are_for_a_user_or_an_invitation
          check ((user_id is null) = (purpose = 'invitation') and (invitation_id is null) = (purpose <> 'invitation')),
        constraint password_links_of_organizations_name_theirs check ((org_id is null) = (purpose = 'forgotten')),
        constraint password_links_forgotten_are_mailed
          check (purpose <> 'forgotten' or handed_over_by_user_id is null))`);
    await runner.query('create index password_links_by_expiry on password_links (expires_at)');
    await runner.query('create index password_links_org_id_idx on password_links (org_id)');
    await runner.query(
      'create index password_links_handed_over_by_user_id_idx on password_links (handed_over_by_user_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table password_links');
  }
}
