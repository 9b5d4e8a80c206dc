/**
 * Jest loads every import anew for each test file. What is required through this is loaded by Node itself, once in the
 * life of a worker: packages that take long to load, and what may be remembered from one test file to the next.
 */
export const oncePerWorker: NodeJS.Require = process
  .getBuiltinModule('node:module')
  .createRequire(import.meta.url);
