import { globSync, readFileSync } from 'node:fs';

const SOURCES = new URL('../../src/', import.meta.url);

/** Without an entity, too, and without rows: a migration of 0.9.0 drops them (docs/decisions/0129). */
export const UNUSED_TABLES: readonly string[] = [
  'access_request_mails',
  'expiry_mails',
  'expiry_notices',
  'invitation_mails',
  'password_mails',
  'webhook_mails',
];

/** The tables of optional parts, which have no entity; backups leave them out. */
export const OPTIONAL_TABLES: readonly string[] = globSync('optional/*/schema.sql', { cwd: SOURCES }).flatMap(
  (name) =>
    [...readFileSync(new URL(name, SOURCES), 'utf8').matchAll(/^create table if not exists (\w+)/gm)].map(
      ([, table]) => table!,
    ),
);
