import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Drops the tables of mails of 0.6, which 0.7.0 was the last to name (docs/decisions/0129-upgrades-start-from-the-previous-release.md). */
export class DropOldMails1765215000000 implements MigrationInterface {
  name = 'DropOldMails1765215000000';
  readonly contract = Object.fromEntries(
    TABLES.map((table) => [`drop table ${table}`, { unusedSince: 'fc77633f' }]),
  );

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`drop table ${table}`);
    await runner.query(`drop index ${INDEX}`);
  }

  /** As the baseline creates them. */
  async down(runner: QueryRunner): Promise<void> {
    const baseline = readFileSync(join(import.meta.dirname, 'baseline.sql'), 'utf8');
    const names = new RegExp(
      `^(create table|create index|comment on \\w+) (${[...TABLES, INDEX].join('|')})\\b`,
    );
    const namesTable = new RegExp(`^create index \\w+ on (${TABLES.join('|')})\\b`);
    for (const statement of baseline.split(/;\n/).map((text) => text.replace(/^(\s|--.*\n)+/, '')))
      if (names.test(statement) || namesTable.test(statement)) await runner.query(statement);
  }
}

const TABLES = [
  'access_request_mails',
  'expiry_mails',
  'expiry_notices',
  'invitation_mails',
  'password_mails',
  'webhook_mails',
];

const INDEX = 'user_group_members_by_notice';
