import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transaction.js';
import { Turns } from '../../database/turns.js';
import { IdempotencyKeyReused } from './idempotency.errors.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import type { KeyedRequest } from './keyed-request.js';
import { type Answer, openAnswer, sealAnswer } from './sealed-answer.js';

/** Another replica committed the same key while this one was about to begin. */
class KeyTaken extends Error {}

/**
 * Carries a request out, or repeats the answer it had (docs/decisions/0015). The key is claimed first in the transaction
 * of the change and its answer stored last in it: all of it commits, or nothing does and the request may come again.
 */
@Injectable()
export class RunOnce {
  private readonly turns = new Turns();

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly transaction: Transaction,
  ) {}

  /** A second request with the same key waits for the first. `work` may throw; then nothing is remembered. */
  run(request: KeyedRequest, work: () => Promise<Answer>): Promise<Answer & { isReplayed: boolean }> {
    return this.turns.take(request.digest.toString('hex'), () => this.inTurn(request, work));
  }

  private async inTurn(
    request: KeyedRequest,
    work: () => Promise<Answer>,
  ): Promise<Answer & { isReplayed: boolean }> {
    const known = await this.findAnswer(request);
    if (known) return { ...known, isReplayed: true };
    try {
      return { ...(await this.answer(request, work)), isReplayed: false };
    } catch (error) {
      if (error instanceof KeyTaken) return this.inTurn(request, work);
      throw error;
    }
  }

  private async findAnswer({ digest, fingerprint, answerKey }: KeyedRequest): Promise<Answer | null> {
    const known = await this.keys.find(digest);
    if (known && !known.fingerprint.equals(fingerprint)) throw new IdempotencyKeyReused();
    return known && openAnswer(answerKey, known.answer);
  }

  private answer({ digest, fingerprint, answerKey }: KeyedRequest, work: () => Promise<Answer>) {
    return this.transaction.runFramed(work, {
      first: async () => {
        if (!(await this.keys.claim(digest, fingerprint))) throw new KeyTaken();
      },
      last: async (answer) => {
        await this.keys.complete(digest, sealAnswer(answerKey, answer));
        await this.keys.removeExpired();
      },
    });
  }
}
