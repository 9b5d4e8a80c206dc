import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../../common/secrets/secret-box.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/; // that many bytes as base64url

/**
 * What a session's row keeps of its secrets, all under the secret that signs sessions: under a new one no cookie is
 * recognised, and nothing of what was sealed opens.
 */
@Injectable()
export class SessionSecrets {
  private readonly secret: string;
  private readonly secretBox: SecretBox;

  constructor({ basicAuth }: Config) {
    this.secret = basicAuth.jwtSecret;
    this.secretBox = new SecretBox(basicAuth.jwtSecret, 'provider tokens of sessions');
  }

  /** For the cookie; the row holds only its digest. */
  newToken(): string {
    return randomBytes(TOKEN_BYTES).toString('base64url');
  }

  /** Null for what cannot be a token of ours, so that it costs no query. */
  digest(token: string): Buffer | null {
    return TOKEN.test(token) ? secretDigest(this.secret, token) : null;
  }

  encrypt(providerToken: string): string {
    return this.secretBox.encrypt(providerToken);
  }

  /** Null when it was sealed under another secret. */
  decrypt(encrypted: string): string | null {
    return this.secretBox.decrypt(encrypted);
  }
}
