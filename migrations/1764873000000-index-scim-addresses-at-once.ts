import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * New entries of the GIN index are no longer collected in a list that each look-up reads as a whole: during a first
 * synchronization, looking for the holders of an address took most of the time.
 */
export class IndexScimAddressesAtOnce1764873000000 implements MigrationInterface {
  name = 'IndexScimAddressesAtOnce1764873000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter index scim_users_by_email set (fastupdate = off)');
    await runner.query(`select gin_clean_pending_list('scim_users_by_email')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter index scim_users_by_email reset (fastupdate)');
  }
}
