import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A key that a client gave to a request which was carried out. It names nobody, and alone it tells nothing. */
@Entity('idempotency_keys')
@Index('idempotency_keys_by_expiry', ['expiresAt'])
export class IdempotencyKey {
  /** Of the key, its credential and organization. */
  @PrimaryColumn('bytea') digest: Buffer;
  /** Of the request, which a second one with the key has to equal. */
  @Column('bytea') fingerprint: Buffer;
  /** Sealed (sealed-answer.ts). Null only within the transaction that makes it. */
  @Column('bytea', { nullable: true }) answer: Buffer | null;
  @Column('timestamptz') expiresAt: Date;
}
