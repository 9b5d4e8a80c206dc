import type { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

/** Node's own `createRequire`: the one that Jest gives to a test file forgets with the file what it has loaded. */
const create = runInThisContext(
  `process.getBuiltinModule('node:module').createRequire`,
) as typeof createRequire;

/**
 * Jest loads every import anew for each test file. What is required through this is loaded by Node itself, once in the
 * life of a worker: packages that take long to load, and what may be remembered from one test file to the next.
 */
export const oncePerWorker = create(import.meta.url);
