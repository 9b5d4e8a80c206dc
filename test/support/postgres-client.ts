import type native from 'pg';
import { oncePerWorker } from './once-per-worker.js';

/** The client of PostgreSQL, loaded once for all test files of a worker. */
export const pg = oncePerWorker('pg') as typeof native;
