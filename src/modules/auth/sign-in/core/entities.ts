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

/** A state that has been used; kept until it would have expired. */
@Entity('used_login_states')
@Index('used_login_states_by_expiry', ['expiresAt'])
export class UsedLoginState {
  /** SHA-256 of the state, which is a secret of the browser. */
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('timestamptz') expiresAt: Date;
}

/** A used logout token, to detect replays; kept until it would be refused as expired. */
@Entity('used_logout_tokens')
@Index('used_logout_tokens_by_expiry', ['expiresAt'])
export class UsedLogoutToken {
  /** SHA-256 of issuer and `jti`, whose length is up to the provider. */
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('timestamptz') expiresAt: Date;
}

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
