import { toInstant } from '../../../common/http/instant.js';
import type {
  CreateScimTokenPayload,
  ScimTokenResponse,
  ScimTokenSensitiveResponse,
} from '../../../contract/scim-tokens.js';
import { toCreatedBy } from '../../auth/api-keys/index.js';
import type { ListedScimToken } from './scim-tokens.service.js';

/** Absent values of published fields are omitted, since none of these may be null. */
export const toScimToken = ({ token, createdBy, exceedsCreator }: ListedScimToken): ScimTokenResponse => ({
  id: token.id,
  description: token.description,
  short_token: token.shortToken,
  created_at: token.createdAt.toISOString(),
  updated_at: token.updatedAt.toISOString(),
  ...(token.lastUsedAt ? { last_used_at: token.lastUsedAt.toISOString() } : {}),
  ...(token.expiresAt ? { expires_at: token.expiresAt.toISOString() } : {}),
  ...toCreatedBy(token, createdBy),
  exceeds_creator: exceedsCreator,
});

export const toNewScimToken = (
  created: ListedScimToken & { secret: string },
): ScimTokenSensitiveResponse => ({
  ...toScimToken(created),
  token: created.secret,
});

export const fromCreateScimToken = ({ description, expires_at }: CreateScimTokenPayload) => ({
  description: description ?? '',
  expiresAt: expires_at ? toInstant(expires_at) : null,
});
