import { randomBytes } from 'node:crypto';
import { Algorithm, hash, type Options, verify } from '@node-rs/argon2';
import type { HashLane, HashQueue } from './hash-queue.js';

export type FindDigest = () => Promise<string | null>;

/** Chosen by whether the login comes from a network with a recent success. */
export type LoginLane = Exclude<HashLane, 'background'>;

/** The cost parameters of one hash. */
export type HashingCost = { readonly memoryKib: number; readonly passes: number };

/** OWASP's minimum for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
export const OWASP_COST: HashingCost = { memoryKib: 19 * 1024, passes: 2 };

/**
 * Hashes and verifies passwords with argon2id. All hashes of the process go through one queue, which limits how many run
 * at a time (docs/contract/passwords.md#login-throttling).
 */
export class PasswordHasher {
  private readonly parameters: Options;
  /** The digest of discarded random bytes: matches no password and costs as much as any other. */
  private readonly unmatchableDigest: Promise<string>;

  constructor(
    { memoryKib, passes }: HashingCost,
    private readonly queue: HashQueue,
  ) {
    this.parameters = {
      algorithm: Algorithm.Argon2id,
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism: 1,
    };
    this.unmatchableDigest = this.queue.run('preferred', () => hash(randomBytes(32), this.parameters));
  }

  /**
   * The digest, with salt and parameters, of a password that its owner chooses.
   *
   * @throws PasswordHashingOverloaded
   */
  hashOwn(password: string): Promise<string> {
    return this.queue.run('preferred', () => hash(password, this.parameters));
  }

  /**
   * The digests of passwords that are set for other users, in the order of the passwords. Logins have priority.
   *
   * @throws PasswordHashingBusy
   */
  hashAll(passwords: readonly string[]): Promise<string[]> {
    return this.queue.runBatch(passwords.map((password) => () => hash(password, this.parameters)));
  }

  /**
   * Whether the digest was made from the password. For a null digest (unknown user, or no password) it does the same
   * work and returns false, so that timing does not reveal accounts (docs/contract/passwords.md#login). `findDigest` is
   * called when the hash starts, so that waiting logins hold no database connection.
   *
   * @throws PasswordHashingBusy or PasswordHashingOverloaded, by the lane; another error if the digest is malformed,
   *   since a damaged row is a fault and not a wrong password
   */
  verify(findDigest: FindDigest, password: string, lane: LoginLane): Promise<boolean> {
    return this.queue.run(lane, async () =>
      verify((await findDigest()) ?? (await this.unmatchableDigest), password),
    );
  }
}
