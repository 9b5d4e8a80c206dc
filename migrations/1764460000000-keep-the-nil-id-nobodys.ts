import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients may choose the id of an account, and the nil UUID stands for "nobody" in more than one place. */
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
