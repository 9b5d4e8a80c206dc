import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** The link that was sent to a person last; an older one is void. Its token is kept as a keyed digest only. */
@Entity('email_confirmations')
@Unique('email_confirmations_digest_key', ['digest'])
export class EmailConfirmation {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('bytea') digest: Buffer;
  /** Where it was sent; it proves nothing of another address. */
  @Column('text') email: string;
  @Column('timestamptz') expiresAt: Date;
}
