import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource } from 'typeorm';
import { typeParsers } from './database/connection/statement-batch.js';
import { clientLimits, DatabaseClient, NO_LIMITS } from './database/connection/database-client.js';
import type { CurrentCredentials } from './database/connection/current-credentials.js';
import { SnakeCaseNamingStrategy } from './database/statements/entity-columns.js';

/** The classes of files. They are loaded here: TypeORM would take brackets in the name of the folder for a pattern. */
async function classesIn(folder: string, files: RegExp): Promise<(() => void)[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => files.test(name));
  const modules = await Promise.all(
    names.map((name) => import(pathToFileURL(join(folder, name)).href) as Promise<Record<string, unknown>>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is () => void => typeof value === 'function');
}

const SOURCES = import.meta.dirname;

/** For the server, the tests and the TypeORM command line. */
const [entities, migrations] = await Promise.all([
  classesIn(SOURCES, /(\.entity|\bentities)\.[jt]s$/),
  classesIn(join(SOURCES, '../migrations'), /\.[jt]s$/),
]);

export const createDataSource = (
  url: string,
  poolSize = 10,
  limits = NO_LIMITS,
  credentials: CurrentCredentials | null = null,
) =>
  new DataSource({
    type: 'postgres',
    url,
    poolSize,
    entities,
    migrations,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeCaseNamingStrategy(),
    applicationName: 'tenantry',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: { types: typeParsers, Client: DatabaseClient, credentials, ...clientLimits(limits) },
  });
