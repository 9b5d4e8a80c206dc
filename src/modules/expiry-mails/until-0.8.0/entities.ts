import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What 0.6.x and 0.7.0 have told, as 0.6.x knows it. A migration of 0.8.0 drops it. */
@Entity('expiry_notices')
@Index('expiry_notices_by_expiry', ['expiresAt'])
export class ExpiryNotice {
  /** Of a membership in a user group, which has no id: one made from those of the group and the user. */
  @PrimaryColumn('uuid') credentialId: string;
  @PrimaryColumn('smallint') daysBefore: number;
  @Column('timestamptz') expiresAt: Date;
  @Column('boolean', { default: true }) isMailed: boolean;
}
