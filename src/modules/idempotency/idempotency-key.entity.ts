import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The idempotency key of a completed request, as digests that identify no user. */
@Entity('idempotency_keys')
@Index('idempotency_keys_by_expiry', ['expiresAt'])
export class IdempotencyKey {
  /** Digest of the key, its credential and its organization. */
  @PrimaryColumn('bytea') digest: Buffer;
  /** Digest of the request; a retry has to have the same. */
  @Column('bytea') fingerprint: Buffer;
  /** Encrypted (encryptResponse). Null only within the transaction that creates the row. */
  @Column('bytea', { name: 'answer', nullable: true }) response: Buffer | null;
  @Column('timestamptz') expiresAt: Date;
}
