import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tests of single sign-on (docs/contract/sign-in.md#test-sign-in). */
export class CreateTestSignIns1764898000000 implements MigrationInterface {
  name = 'CreateTestSignIns1764898000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table test_sign_ins (
        id uuid not null,
        session_id uuid not null,
        org_id uuid not null,
        expires_at timestamptz not null,
        returned_at timestamptz,
        sealed_result text,
        constraint test_sign_ins_pkey primary key (id),
        constraint test_sign_ins_session_id_fkey foreign key (session_id) references sessions(id) on delete cascade,
        constraint test_sign_ins_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade)`);
    await runner.query('create index test_sign_ins_by_expiry on test_sign_ins (expires_at)');
    await runner.query('create index test_sign_ins_session_id_idx on test_sign_ins (session_id)');
    await runner.query('create index test_sign_ins_org_id_idx on test_sign_ins (org_id)');
    await runner.query(`
      comment on table test_sign_ins is
        'A test of single sign-on by an admin. Deleted when its result is read, and with the session that asked for it.'`);
    await runner.query(`
      comment on column test_sign_ins.session_id is
        'The session that asked: its browser alone may return from the provider, and it alone may read the result.'`);
    await runner.query(`
      comment on column test_sign_ins.returned_at is
        'When the browser returned from the provider. Null: not yet.'`);
    await runner.query(`
      comment on column test_sign_ins.sealed_result is
        'The result, encrypted, since it holds claims. Null: there is none yet.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table test_sign_ins');
  }
}
