export { ApiKeysModule } from './api-keys.module.js';
export { CallerKeys } from './core/caller-keys.js';
export { InstallServiceKey } from './service-keys/install-service-key.js';
export { KeysLastUsedJob } from './core/keys-last-used.job.js';
