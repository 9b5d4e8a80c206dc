import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names of SCIM groups become unique without regard to case (docs/contract/scim.md#group-names). Of groups whose names
 * differ in case only, the oldest keeps its name. Each other one gets its id behind its name and keeps its members and
 * the role that it grants: nobody loses access, and the administrator sees which groups to merge.
 */
export class MakeGroupNamesUniqueWithoutCase1764750000000 implements MigrationInterface {
  name = 'MakeGroupNamesUniqueWithoutCase1764750000000';
  readonly contract = {
    'create unique index scim_groups.scim_groups_one_per_name': {
      harmlessBecause: 'the previous release answers 409 when an index refuses the name of a group.',
    },
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('lock table scim_groups'); // the lock that \`drop index\` needs
    await runner.query(`
      update scim_groups g
      set display_name = g.display_name || ${SUFFIX}, version = g.version + 1, updated_at = now()
      where exists (
        select from scim_groups older
        where older.org_id = g.org_id and ${NAME_OF('older')} = ${NAME_OF('g')}
          and (older.created_at, older.id) < (g.created_at, g.id))`);
    await runner.query('drop index scim_groups_by_name');
    await runner.query('alter table scim_groups drop constraint scim_groups_one_per_name');
    await runner.query(`
      create unique index scim_groups_one_per_name on scim_groups (org_id, ${NAME_OF('scim_groups')})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index scim_groups_one_per_name');
    await runner.query(`
      create index scim_groups_by_name on scim_groups (org_id, ${NAME_OF('scim_groups')})`);
    await runner.query(`update scim_groups g set display_name = replace(display_name, ${SUFFIX}, '')`);
    await runner.query(`
      alter table scim_groups add constraint scim_groups_one_per_name unique (org_id, display_name)`);
  }
}

const SUFFIX = `' (duplicate ' || g.id || ')'`;

/** In byte order, so that prefix searches use the index in every locale. */
const NAME_OF = (table: string) => `(lower(${table}.display_name) collate "C")`;
