import { secretDigest } from '../../../common/secrets/credential-formats.js';

/** The stored form of a code or token of this kind; a digest, sent as a token, has another one. */
export const artifactDigest = (salt: string, kind: string, token: string): Buffer =>
  secretDigest(salt, `${kind} ${token}`);
