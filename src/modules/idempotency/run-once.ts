import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transactions/transaction.js';
import { KeyedMutex } from '../../database/transactions/locks.js';
import { IdempotencyKeyReused } from './idempotency.errors.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { decryptResponse, encryptResponse, type KeyedRequest, type StoredResponse } from './keyed-request.js';

type Work = () => Promise<StoredResponse>;
export type Repeats = 'always' | 'if-allowed-now';
type Replayable = StoredResponse & { readonly isReplayed: boolean };

/** Another replica committed the same key just before. */
class KeyAlreadyClaimed extends Error {}

/**
 * Executes a request, or replays its stored response (docs/decisions/0015). The transaction of the change first claims the key and finally stores
 * the response, so both commit together, or nothing does and the request can be retried.
 */
@Injectable()
export class RunOnce {
  private readonly mutex = new KeyedMutex();

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly transaction: Transaction,
  ) {}

  /** A second request with the same key waits for the first. If `work` throws, nothing is stored. */
  run(request: KeyedRequest, work: Work, repeats: Repeats): Promise<Replayable> {
    return this.mutex.runExclusive(request.digest.toString('hex'), () =>
      this.runExclusive(request, work, repeats),
    );
  }

  private async runExclusive(request: KeyedRequest, work: Work, repeats: Repeats): Promise<Replayable> {
    const stored = await this.findStoredResponse(request);
    if (stored) {
      if (repeats === 'if-allowed-now') await this.assertAllowed(work);
      return { ...stored, isReplayed: true };
    }
    try {
      return { ...(await this.runAndStore(request, work)), isReplayed: false };
    } catch (error) {
      if (error instanceof KeyAlreadyClaimed) return this.runExclusive(request, work, repeats);
      throw error;
    }
  }

  /** Does the work again and undoes it. @throws what refuses it now */
  private async assertAllowed(work: Work): Promise<void> {
    const undone = new Error('the work was allowed');
    const workAndUndo = async () => {
      await work();
      throw undone;
    };
    await this.transaction
      .runLazily(() => Promise.resolve(), workAndUndo)
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
  }

  private async findStoredResponse(request: KeyedRequest): Promise<StoredResponse | null> {
    const stored = await this.keys.find(request.digest);
    if (stored && !stored.fingerprint.equals(request.fingerprint)) throw new IdempotencyKeyReused();
    return stored && decryptResponse(request.responseKey, stored.response);
  }

  private runAndStore({ digest, fingerprint, responseKey }: KeyedRequest, work: Work) {
    const claim = async () => {
      if (!(await this.keys.claim(digest, fingerprint))) throw new KeyAlreadyClaimed();
    };
    return this.transaction.runLazily(claim, async () => {
      const response = await work();
      await this.transaction.run(async () => {
        await this.keys.complete(digest, encryptResponse(responseKey, response));
        await this.keys.removeExpired();
      });
      return response;
    });
  }
}
