import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Forbids the nil UUID as a user id: clients may choose the id of a user, and the nil UUID means "no user" elsewhere.
 */
export class KeepTheNilIdNobodys1764460000000 implements MigrationInterface {
  name = 'KeepTheNilIdNobodys1764460000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from users where id = '00000000-0000-0000-0000-000000000000'`);
    await runner.query(`
      alter table users add constraint users_id_is_not_nil check (id <> '00000000-0000-0000-0000-000000000000')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop constraint users_id_is_not_nil');
  }
}
