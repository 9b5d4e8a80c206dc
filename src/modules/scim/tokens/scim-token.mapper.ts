import { toInstant } from '../../../common/http/instant.js';
import type {
  CreateScimTokenPayload,
  ScimTokenResponse,
  ScimTokenSensitiveResponse,
} from '../../../contract/scim-tokens.js';
import type { ScimToken } from './scim-token.entity.js';

/** Absent values are omitted: the published schema has no nullable fields. */
export const toScimToken = (token: ScimToken): ScimTokenResponse => ({
  id: token.id,
  description: token.description,
  short_token: token.shortToken,
  created_at: token.createdAt.toISOString(),
  updated_at: token.updatedAt.toISOString(),
  ...(token.lastUsedAt ? { last_used_at: token.lastUsedAt.toISOString() } : {}),
  ...(token.expiresAt ? { expires_at: token.expiresAt.toISOString() } : {}),
});

export const toNewScimToken = (created: {
  token: ScimToken;
  secret: string;
}): ScimTokenSensitiveResponse => ({
  ...toScimToken(created.token),
  token: created.secret,
});

export const fromCreateScimToken = ({ description, expires_at }: CreateScimTokenPayload) => ({
  description: description ?? '',
  expiresAt: expires_at ? toInstant(expires_at) : null,
});
