import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEX = 'user_group_members_by_notice';

/** For mails about memberships in groups that end, which have no id of their own (docs/contract/members.md#mails-before-the-end). */
export class TellEndsOfGroups1765130000000 implements MigrationInterface {
  name = 'TellEndsOfGroups1765130000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index ${INDEX} on user_group_members ((md5(user_group_id::text || user_id::text)::uuid))
      where access_expires_at is not null`);
    await comment(
      runner,
      'An API key, SCIM token, membership or role of a user group, which may be deleted since; of a membership in a user group, an id made from both. No foreign key.',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ${INDEX}`);
    await comment(
      runner,
      'An API key, SCIM token or membership, which may be deleted since; no foreign key.',
    );
  }
}

const comment = (runner: QueryRunner, text: string) =>
  runner.query(`comment on column expiry_notices.credential_id is '${text}'`);
