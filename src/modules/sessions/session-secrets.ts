import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../common/secrets/secret-box.js';
import { secretDigest } from '../../common/secrets/credential-formats.js';
import { Config } from '../../config/config.js';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/; // TOKEN_BYTES in base64url

/** Digests and encrypts the secrets of a session with the JWT secret; changing that secret ends all sessions. */
@Injectable()
export class SessionSecrets {
  private readonly secret: string;
  private readonly secretBox: SecretBox;

  constructor({ basicAuth }: Config) {
    this.secret = basicAuth.jwtSecret;
    this.secretBox = new SecretBox(basicAuth.jwtSecret, 'provider tokens of sessions');
  }

  /** The cookie value; the database stores only its digest. */
  newToken(): string {
    return randomBytes(TOKEN_BYTES).toString('base64url');
  }

  /** Null if the text cannot be a token, which saves a query. */
  digest(token: string): Buffer | null {
    return TOKEN.test(token) ? secretDigest(this.secret, token) : null;
  }

  encrypt(providerToken: string): string {
    return this.secretBox.encrypt(providerToken);
  }

  /** Null if it was encrypted with another secret. */
  decrypt(encrypted: string): string | null {
    return this.secretBox.decrypt(encrypted);
  }
}
