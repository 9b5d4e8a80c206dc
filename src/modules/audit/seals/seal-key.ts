import { createHmac, hkdfSync, type Hmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NIL_UUID } from '../../../common/http/value-checks.js';
import { Config } from '../../../config/config.js';
import type { AuditEntry } from '../audit-entry.entity.js';
import type { AuditAnchor } from './audit-anchor.entity.js';
import type { AuditSeal } from './audit-seal.entity.js';

/** The chain of entries that belong to no organization, such as logins of strangers. */
export const NO_ORG = NIL_UUID;

/** What stands before the first seal of a chain. */
export const CHAIN_START = { sequence: 0, through: '0', mac: Buffer.alloc(0) };

export type SealFields = Pick<AuditSeal, 'chain' | 'sequence' | 'through' | 'entries' | 'newestAt'>;
type AnchorFields = Pick<AuditAnchor, 'chain' | 'sequence' | 'through' | 'mac'>;

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
  startMac(previous: Buffer, { chain, sequence, through, entries, newestAt }: SealFields): Hmac {
    const fields = ['seal', chain, sequence, through, entries, newestAt, previous.toString('hex')];
    return this.hmac(fields);
  }

  seal(previous: Buffer, fields: SealFields, entries: readonly AuditEntry[]): Buffer {
    const mac = this.startMac(previous, fields);
    for (const entry of entries) mac.update(entryLine(entry));
    return mac.digest();
  }

  sign({ chain, sequence, through, mac }: AnchorFields): Buffer {
    return this.hmac(['anchor', chain, sequence, through, mac.toString('hex')]).digest();
  }

  private hmac(fields: readonly unknown[]): Hmac {
    return createHmac('sha256', this.key).update(`${JSON.stringify(fields)}\n`);
  }
}

export const isEqualMac = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
