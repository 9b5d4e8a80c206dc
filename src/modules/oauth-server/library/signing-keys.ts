import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { required } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { PeriodicJob } from '../../../database/jobs/periodic.job.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** Shorter than a new key is published before it signs. */
const READ_EVERY_MS = 30_000;
const CHECK_AGE_EVERY_MS = 3_600_000;

/** `version` changes with the keys, or with the one that signs. */
export type KeySet = { readonly version: string; readonly keys: readonly JWK[] };

/** The key set of the authorization server, read once in a while by each process. */
@Injectable()
export class SigningKeys {
  private read: { readonly at: number; readonly set: Promise<KeySet> } | null = null;

  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly transaction: Transaction,
    periodic: PeriodicJob,
    { authorizationServer }: Config,
  ) {
    if (authorizationServer.isEnabled)
      periodic.add('rotate the signing keys', CHECK_AGE_EVERY_MS, () => this.rotateIfOld());
  }

  /** Call it outside of transactions, since it creates the first keys. */
  current(): Promise<KeySet> {
    if (this.read === null || performance.now() - this.read.at > READ_EVERY_MS) {
      const set = this.load();
      this.read = { at: performance.now(), set };
      set.catch(() => (this.read = null));
    }
    return this.read.set;
  }

  /** Without the private members (RFC 7517). */
  async listPublic(): Promise<JWK[]> {
    return (await this.current()).keys.map(toPublicJwk);
  }

  /** New keys sign after ten minutes. */
  rotate(): Promise<void> {
    return this.locked(() => this.keys.create());
  }

  private rotateIfOld(): Promise<void> {
    return this.locked(async () => {
      if (await this.keys.areOld()) await this.keys.create();
    });
  }

  private async load(): Promise<KeySet> {
    let keys = await this.keys.listPublished();
    if (keys.length === 0) {
      await this.locked(async () => {
        if ((await this.keys.listPublished()).length === 0) await this.keys.create();
      });
      keys = await this.keys.listPublished();
    }
    return { version: keys.map(({ kid }) => kid).join(' '), keys };
  }

  private locked(work: () => Promise<void>): Promise<void> {
    return this.transaction.run(async () => {
      await this.transaction.lock('signing keys of the authorization server');
      await work();
    });
  }
}

const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'n', 'e', 'alg', 'kid', 'use'] as const;

const toPublicJwk = (jwk: JWK): JWK =>
  Object.fromEntries(
    PUBLIC_MEMBERS.flatMap((name) => (jwk[name] === undefined ? [] : [[name, required(jwk[name], name)]])),
  );
