import type { Principal } from '../../../../common/access/principal.js';
import type { Org } from '../../../orgs/index.js';
import { KeyCreationByKeysDisabled } from './api-keys.errors.js';

/** For keys, tokens and SCIM tokens (docs/contract/keys.md#keys-made-with-keys). @throws KeyCreationByKeysDisabled */
export function assertMayCreateKeys(
  { credential }: Pick<Principal, 'credential'>,
  { apiKeyCreationFromApiKeysEnabled }: Pick<Org, 'apiKeyCreationFromApiKeysEnabled'>,
): void {
  if (credential.kind !== 'session' && !apiKeyCreationFromApiKeysEnabled)
    throw new KeyCreationByKeysDisabled();
}
