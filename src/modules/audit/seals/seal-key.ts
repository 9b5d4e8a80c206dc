import { createHmac, hkdfSync, type Hmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NIL_UUID } from '../../../common/http/operations/value-checks.js';
import { Config } from '../../../config/config.js';
import type { AuditEntry } from '../entries/entities.js';
import type { AuditAnchor, AuditSeal } from './entities.js';

/** The chain of entries without an organization, such as failed logins of unknown users. */
export const NO_ORG = NIL_UUID;

/** The end of an empty chain. */
export const CHAIN_START = { sequence: 0, through: '0', mac: Buffer.alloc(0) };

export type SealFields = Pick<AuditSeal, 'chain' | 'sequence' | 'through' | 'entries' | 'newestAt'>;
type AnchorFields = Pick<AuditAnchor, 'chain' | 'sequence' | 'through' | 'mac'>;

/**
 * The sealed bytes of an entry, one line of JSON: every column that is not null, by name. A column added later is
 * sealed from then on and does not change the bytes of older entries; no column may be renamed.
 */
export const entryLine = (entry: AuditEntry): string =>
  `${JSON.stringify(
    Object.entries(entry)
      .filter(([, value]) => value !== null)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )}\n`;

/**
 * HMAC-SHA-256 with a key derived for this purpose alone (RFC 5869) from a secret outside the database: an attacker
 * who can write to the database but lacks the secret can destroy a chain, not forge one (docs/decisions/0014).
 */
@Injectable()
export class SealKey {
  private readonly key: Buffer;

  constructor({ audit }: Config) {
    this.key = Buffer.from(hkdfSync('sha256', audit.sealSecret, '', 'tenantry audit seals', 32));
  }

  /** The MAC of a seal, to be updated with `entryLine` of each entry in order of position. */
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
