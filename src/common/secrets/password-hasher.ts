import { randomBytes } from 'node:crypto';
import { Algorithm, hash, type Options, verify } from '@node-rs/argon2';

/** Turns passwords into digests that are slow to try. A class, so that Nest can inject it. */
export abstract class PasswordHasher {
  /** A digest that carries its own salt and parameters. */
  abstract hash(password: string): Promise<string>;

  /**
   * Whether the digest was made from the password. With null (no such user, or a user without a password) it works
   * as long and answers false, so that time does not tell who exists (contract decision 1).
   *
   * @throws when the digest is no digest at all: a damaged row is a fault, not a wrong password
   */
  abstract verify(digest: string | null, password: string): Promise<boolean>;
}

/** What one hash costs. */
export type HashingCost = { readonly memoryKib: number; readonly passes: number };

/** OWASP's minimum for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
export const OWASP_COST: HashingCost = { memoryKib: 19 * 1024, passes: 2 };

export class Argon2PasswordHasher extends PasswordHasher {
  private readonly parameters: Options;
  /** Matches no password: made from random bytes that are thrown away, with the parameters of all others. */
  private readonly nobodysDigest: Promise<string>;

  constructor({ memoryKib, passes }: HashingCost) {
    super();
    this.parameters = {
      algorithm: Algorithm.Argon2id,
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism: 1,
    };
    this.nobodysDigest = hash(randomBytes(32), this.parameters);
  }

  hash(password: string): Promise<string> {
    return hash(password, this.parameters);
  }

  async verify(digest: string | null, password: string): Promise<boolean> {
    return verify(digest ?? (await this.nobodysDigest), password);
  }
}
