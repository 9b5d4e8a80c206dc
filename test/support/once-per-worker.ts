import type { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

/** Node's own `createRequire`: the one that Jest gives to a test file forgets with the file what it has loaded. */
const create = runInThisContext(
  `process.getBuiltinModule('node:module').createRequire`,
) as typeof createRequire;

/**
 * Loads a module by Node itself, once per worker: packages that load slowly, and state that may be shared by test
 * files. Jest loads every import again for each test file.
 */
export const oncePerWorker = create(import.meta.url);
