export { ApiKeysModule } from './api-keys.module.js';
export { CallerKeys } from './core/caller-keys.js';
export { type ApiKeyKind, parseApiKey } from './core/key-format.js';
export { KeysLastUsedJob } from './core/keys-last-used.job.js';
