import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The process id of the PostgreSQL server in a data folder. */
export const postmasterIn = (folder: string): number =>
  Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);

/** Ends PostgreSQL as a crash would. */
export const killPostgres = (folder: string): boolean => process.kill(postmasterIn(folder), 'SIGKILL');
