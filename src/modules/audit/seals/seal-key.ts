import { createHmac, hkdfSync, type Hmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NIL_UUID } from '../../../common/http/plain-values.js';
import { Config } from '../../../config/config.js';
import type { AuditEntry } from '../audit-entry.entity.js';
import type { AuditAnchor } from './audit-anchor.entity.js';
import type { AuditSeal } from './audit-seal.entity.js';

/** The chain of entries that belong to no organization, such as logins of strangers. */
export const NO_ORG = NIL_UUID;

/** What stands before the first seal of a chain. */
export const BEGINNING = { sequence: 0, through: '0', mac: Buffer.alloc(0) };

export type SealFacts = Pick<AuditSeal, 'chain' | 'sequence' | 'through' | 'entries' | 'newestAt'>;
type AnchorFacts = Pick<AuditAnchor, 'chain' | 'sequence' | 'through' | 'mac'>;

/**
 * The bytes of an entry that are sealed, one line of JSON: every column that says something, by name. A column that is
 * added later is sealed from then on, and says nothing of older entries; the name of none may change.
 */
export const entryLine = (entry: AuditEntry): string =>
  `${JSON.stringify(
    Object.entries(entry)
      .filter(([, value]) => value !== null)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )}\n`;

/**
 * HMAC-SHA-256 under a key of this purpose alone (RFC 5869), from a secret that the database does not hold: who can
 * write the database but does not know the secret can destroy a chain, not forge one (docs/decisions/0014).
 */
@Injectable()
export class SealKey {
  private readonly key: Buffer;

  constructor({ audit }: Config) {
    this.key = Buffer.from(hkdfSync('sha256', audit.sealSecret, '', 'tenantry audit seals', 32));
  }

  /** The MAC of a seal, once `entryLine` of each entry has been added in order of position. */
  begin(previous: Buffer, { chain, sequence, through, entries, newestAt }: SealFacts): Hmac {
    const facts = ['seal', chain, sequence, through, entries, newestAt, previous.toString('hex')];
    return this.hmac(facts);
  }

  seal(previous: Buffer, facts: SealFacts, entries: readonly AuditEntry[]): Buffer {
    const mac = this.begin(previous, facts);
    for (const entry of entries) mac.update(entryLine(entry));
    return mac.digest();
  }

  sign({ chain, sequence, through, mac }: AnchorFacts): Buffer {
    return this.hmac(['anchor', chain, sequence, through, mac.toString('hex')]).digest();
  }

  private hmac(facts: readonly unknown[]): Hmac {
    return createHmac('sha256', this.key).update(`${JSON.stringify(facts)}\n`);
  }
}

export const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
