import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A test of single sign-on that an admin has started; deleted when its result is read, or with the session. */
@Entity('test_sign_ins')
@Index('test_sign_ins_by_expiry', ['expiresAt'])
export class TestSignIn {
  @PrimaryColumn('uuid') id: string;
  /** The session that asked: it alone may return from the provider and read the result. */
  @Index() @ForeignKey('Session', { onDelete: 'CASCADE' }) @Column('uuid') sessionId: string;
  @Index() @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) returnedAt: Date | null;
  /** Encrypted, since it holds claims. */
  @Column('text', { nullable: true }) sealedResult: string | null;
}
