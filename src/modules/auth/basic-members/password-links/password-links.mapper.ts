import type { HandedOverPasswordLink, PasswordLinkInfo } from '../../../../contract/password-links.js';
import type { NewHandedOverLink } from './hand-over-password-link.js';
import type { LinkDescription } from './describe-password-link.js';

export const toLinkInfo = ({ email, purpose, orgName, expiresAt }: LinkDescription): PasswordLinkInfo => ({
  email,
  purpose,
  organization_name: orgName,
  expires_at: expiresAt.toISOString(),
});

export const toHandedOverLink = ({ token, url, expiresAt }: NewHandedOverLink): HandedOverPasswordLink => ({
  token,
  url,
  expires_at: expiresAt.toISOString(),
});
