import { globSync, readFileSync } from 'node:fs';

const SOURCES = new URL('../../src/', import.meta.url);

/** The tables of optional parts, which have no entity; backups leave them out. */
export const OPTIONAL_TABLES: readonly string[] = globSync('optional/*/schema.sql', { cwd: SOURCES }).flatMap(
  (name) =>
    [...readFileSync(new URL(name, SOURCES), 'utf8').matchAll(/^create table if not exists (\w+)/gm)].map(
      ([, table]) => table!,
    ),
);
