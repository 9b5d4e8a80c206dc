export type { AccessSubject } from './access-check/access-facts.read-model.js';
export { type AccessQuestion, DecideAccess, type DecidedAccess } from './access-check/decide-access.js';
export { DirectoryModule } from './directory.module.js';
