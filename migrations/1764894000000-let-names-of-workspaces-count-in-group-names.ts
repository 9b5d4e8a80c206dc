import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = (...more: string[]) =>
  ['admin', 'workspace', 'malformed', 'unknown', 'ambiguous', ...more].map((kind) => `'${kind}'`).join(', ');
const CONSTRAINT = 'scim_groups_kind_is_known';
const replaceKinds = (kinds: string) =>
  `alter table scim_groups drop constraint ${CONSTRAINT}, add constraint ${CONSTRAINT} check (kind in (${kinds}))`;

/**
 * Whether group names may refer to a workspace by its name (docs/contract/scim.md#group-names). Existing names count,
 * since it is not known who set them; so do those that servers of the previous release write.
 */
export class LetNamesOfWorkspacesCountInGroupNames1764894000000 implements MigrationInterface {
  name = 'LetNamesOfWorkspacesCountInGroupNames1764894000000';
  readonly contract = {
    [`add constraint scim_groups.${CONSTRAINT}`]: { harmlessBecause: 'it allows all kinds of before.' },
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table workspaces add column name_counts_in_groups boolean not null default true',
    );
    await runner.query(replaceKinds(KINDS('unconfirmed')));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update scim_groups set kind = 'unknown' where kind = 'unconfirmed'`);
    await runner.query(replaceKinds(KINDS()));
    await runner.query('alter table workspaces drop column name_counts_in_groups');
  }
}
