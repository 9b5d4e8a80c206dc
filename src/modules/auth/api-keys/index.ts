export { ApiKeysModule } from './api-keys.module.js';
export { CallerKeys, type CredentialOrigin } from './core/caller-keys.js';
export {
  type CredentialCreator,
  CredentialCreators,
  isBeyondCreator,
  isGone,
} from './core/credential-creators.read-model.js';
export { toCreatedBy } from './core/api-key.mapper.js';
export { KeyCreationGuard } from './core/key-creation.guard.js';
export { EndKeysEarlier } from './core/end-keys-earlier.repository.js';
export { ApiKeyNotFound, CredentialHasEnded, RotationOutlivesCaller } from './core/errors.js';
export { isOutlivedBy } from './core/key-expiry.js';
export {
  CreatedReceiversRequested,
  CreatedScimTokensRequested,
} from './service-keys/end-created-credentials.js';
export { InstallServiceKey } from './service-keys/install-service-key.js';
export { SelectedKeys } from './selected-keys.js';
export type { ListedServiceKey } from './service-keys/service-key-lists.js';
export type { ScopedKey } from './core/api-keys.repository.js';
export { IS_UNEXPIRED, SET_SECRET } from './core/api-keys.statements.js';
