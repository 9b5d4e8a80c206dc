import { Entity, PrimaryColumn } from 'typeorm';

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
