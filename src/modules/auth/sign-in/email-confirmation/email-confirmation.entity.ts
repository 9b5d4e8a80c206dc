import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** The newest link of a user, which replaces older ones. Stores a keyed digest of its token. */
@Entity('email_confirmations')
@Unique('email_confirmations_digest_key', ['digest'])
@Index('email_confirmations_by_expiry', ['expiresAt'])
export class EmailConfirmation {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('bytea') digest: Buffer;
  /** The address that the link was sent to; it verifies no other address. */
  @Column('text') email: string;
  @Column('timestamptz') expiresAt: Date;
}
