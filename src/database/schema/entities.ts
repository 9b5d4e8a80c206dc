import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A committed change that ends what is cached about a user, an organization or a credential; the nil UUID: about
 * everybody. Triggers write it (docs/decisions/0061).
 */
@Entity('access_changes')
export class AccessChange {
  /** Of the transaction that made the change; a bigint, so a string of digits. */
  @PrimaryColumn('bigint') xid: string;
  @PrimaryColumn('uuid') subjectId: string;
}

/** A replica that may use cached access: writers wait until it has read their change (docs/decisions/0061). */
@Entity('access_cache_replicas')
export class AccessCacheReplica {
  @PrimaryColumn('uuid') id: string;
  /** A pg_snapshot: the changes visible in it end nothing that this replica still uses; null: none was read yet. */
  @Column('text', { nullable: true }) seen: string | null;
  @Column('timestamptz') renewedAt: Date;
}
