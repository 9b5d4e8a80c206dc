import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../common/secrets/secret-box.js';
import { Config } from '../../config/config.js';

/**
 * Encrypts what has to be sent to receivers again (docs/security.md#requests-to-addresses-of-organizations) with the salt of
 * API keys: as long as keys work, this can be read.
 */
@Injectable()
export class StoredSecrets {
  private readonly box: SecretBox;

  constructor({ apiKeys }: Config) {
    this.box = new SecretBox(apiKeys.salt, 'secrets for receivers');
  }

  encrypt(secret: string): string {
    return this.box.encrypt(secret);
  }

  /** Null if it was encrypted with another salt. */
  decrypt(encrypted: string): string | null {
    return this.box.decrypt(encrypted);
  }
}
