import { randomBytes } from 'node:crypto';
import { Algorithm, hash, type Options, verify } from '@node-rs/argon2';
import type { HashLane, HashQueue } from './hash-queue.js';

/** Turns passwords into digests that are slow to compute. A class, so that Nest can inject it. */
export abstract class PasswordHasher {
  /**
   * A digest that carries its own salt and parameters, of a password that its owner chooses.
   *
   * @throws PasswordHashingOverloaded
   */
  abstract hashOwn(password: string): Promise<string>;

  /**
   * The digests of passwords that are set for others, in the order of the passwords. Logins are served first.
   *
   * @throws PasswordHashingBusy
   */
  abstract hashAll(passwords: readonly string[]): Promise<string[]>;

  /**
   * Whether the digest was made from the password. With null (no such user, or a user without a password) it does the
   * same work and answers false, so that time does not tell who exists (contract decision 1). `findDigest` is called when
   * the queue has come to this password, so that waiting logins do not use the database.
   *
   * @throws PasswordHashingBusy or PasswordHashingOverloaded, by the lane; another error when the digest is malformed:
   * a damaged row is a fault, not a wrong password
   */
  abstract verify(findDigest: FindDigest, password: string, lane: LoginLane): Promise<boolean>;
}

export type FindDigest = () => Promise<string | null>;

/** By whether the login comes from a network with a recent success. */
export type LoginLane = Exclude<HashLane, 'background'>;

/** What one hash costs. */
export type HashingCost = { readonly memoryKib: number; readonly passes: number };

/** OWASP's minimum for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
export const OWASP_COST: HashingCost = { memoryKib: 19 * 1024, passes: 2 };

/** Every hash of the process goes through one queue, so that no more run at a time than it allows (contract decision 53). */
export class Argon2PasswordHasher extends PasswordHasher {
  private readonly parameters: Options;
  /** Matches no password: made from random bytes that are thrown away, with the parameters of all others. */
  private readonly unmatchableDigest: Promise<string>;

  constructor(
    { memoryKib, passes }: HashingCost,
    private readonly queue: HashQueue,
  ) {
    super();
    this.parameters = {
      algorithm: Algorithm.Argon2id,
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism: 1,
    };
    this.unmatchableDigest = this.queue.run('preferred', () => hash(randomBytes(32), this.parameters));
  }

  hashOwn(password: string): Promise<string> {
    return this.queue.run('preferred', () => hash(password, this.parameters));
  }

  hashAll(passwords: readonly string[]): Promise<string[]> {
    return this.queue.runBatch(passwords.map((password) => () => hash(password, this.parameters)));
  }

  verify(findDigest: FindDigest, password: string, lane: LoginLane): Promise<boolean> {
    return this.queue.run(lane, async () =>
      verify((await findDigest()) ?? (await this.unmatchableDigest), password),
    );
  }
}
