import type { CreatedBy } from '../../../../contract/api-keys.js';
import type { CreatingCredential } from '../../../../contract/enums.js';
import type { ApiKey } from './api-key.entity.js';
import type { CredentialOrigin } from './caller-keys.js';

const KINDS: Readonly<Record<NonNullable<ApiKey['createdWithKind']>, CreatingCredential>> = {
  session: 'session',
  'personal-access-token': 'personal_access_token',
  'service-key': 'service_key',
};

/** `createdBy`: the e-mail address of the user who created it; null if unknown or no longer a member. */
export const toCreatedBy = (
  { createdByUserId, createdWithKind, createdWithId }: CredentialOrigin,
  createdBy: string | null,
): Required<CreatedBy> => ({
  created_by: createdBy,
  created_by_ls_user_id: createdByUserId,
  created_with: createdWithKind && createdWithId ? { id: createdWithId, kind: KINDS[createdWithKind] } : null,
});
