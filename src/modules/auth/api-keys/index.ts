export { ApiKeysModule } from './api-keys.module.js';
export { CallerKeys } from './caller-keys.js';
export { type ApiKeyKind, parseApiKey } from './key-format.js';
export { KeysLastUsedJob } from './keys-last-used.job.js';
