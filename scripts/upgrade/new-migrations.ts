import { readdirSync } from 'node:fs';
import type { QueryRunner } from 'typeorm';
import { type Migration, timestampOf } from '../../src/database/schema/migration.ts';
import { PREVIOUS } from './previous-release.ts';

const FOLDER = new URL('../../migrations/', import.meta.url);

/** The migrations that the previous release does not have, oldest first. */
export async function newMigrations(): Promise<{ file: string; migration: Migration }[]> {
  const last = timestampOf({ name: PREVIOUS.lastMigration });
  const files = readdirSync(FOLDER).filter((name) => Number(name.slice(0, 13)) > last);
  return Promise.all(
    files.toSorted().map(async (name) => {
      const classes = Object.values(
        (await import(new URL(name, FOLDER).href)) as Record<string, new () => Migration>,
      );
      return { file: `migrations/${name}`, migration: new classes[0]!() };
    }),
  );
}

/** The SQL that it would run; every query returns no rows. */
export async function recordStatements(migration: Migration): Promise<string[]> {
  const statements: string[] = [];
  const recorder = {
    query: (text: string) => {
      statements.push(text);
      return Promise.resolve([]);
    },
  };
  await migration.up(recorder as unknown as QueryRunner);
  return statements;
}
