import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A signed-in person. Kept here so that ending it is immediate; the token carries only its id. */
@Entity('sessions')
@Index('sessions_by_expiry', ['expiresAt'])
export class Session {
  @PrimaryColumn('uuid') id: string;
  @Index() @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid') userId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
}
