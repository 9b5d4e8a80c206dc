import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'alter table workspace_memberships';
const CONSTRAINT = 'workspace_memberships_one_per_user';
const INDEX = 'workspace_memberships_one_per_user_with_order';
const DEFINITION =
  'on workspace_memberships (workspace_id, user_id) include (id, created_at, user_full_name)';

const AS_BEFORE = { harmlessBecause: 'the same columns were unique before.' };

/** A search in a workspace reads the found members and their order from the index of the unique constraint alone. */
export class SearchWorkspaceMembersByIndex1764880000000 implements MigrationInterface {
  name = 'SearchWorkspaceMembersByIndex1764880000000';
  readonly concurrentIndexes = { [INDEX]: { unique: DEFINITION } };
  readonly contract = {
    [`create unique index workspace_memberships.${INDEX}`]: AS_BEFORE,
    [`add constraint workspace_memberships.${CONSTRAINT}`]: AS_BEFORE,
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create unique index if not exists ${INDEX} ${DEFINITION}`);
    await runner.query(
      `${TABLE} drop constraint ${CONSTRAINT}, add constraint ${CONSTRAINT} unique using index ${INDEX}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `${TABLE} drop constraint ${CONSTRAINT}, add constraint ${CONSTRAINT} unique (workspace_id, user_id)`,
    );
  }
}
