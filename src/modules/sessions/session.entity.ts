import type { SessionMethod } from '../../common/access/principal.js';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Stored, so that revocation takes effect at once. Found by the id in its token or, of SSO, by its cookie's digest. */
@Entity('sessions')
@Index('sessions_by_expiry', ['expiresAt'])
@Index('sessions_one_per_token', ['tokenDigest'], { unique: true, where: `"token_digest" IS NOT NULL` })
@Index('sessions_by_provider_session', ['issuer', 'providerSessionId'], {
  where: `"provider_session_id" IS NOT NULL`,
})
@Index('sessions_by_subject', ['issuer', 'subject'], { where: `"issuer" IS NOT NULL` })
@Check('sessions_method_is_known', `"method" IN ('password', 'sso', 'break-glass')`)
@Check(
  'sessions_of_sso_have_a_login',
  `"method" <> 'sso' OR ("token_digest" IS NOT NULL AND "issuer" IS NOT NULL AND "subject" IS NOT NULL
    AND "confirmed_until" IS NOT NULL)`,
)
@Check('sessions_refresh_with_a_token', `("refresh_due_at" IS NULL) = ("sealed_refresh_token" IS NULL)`)
@Check('sessions_are_confirmed_at_most_to_the_end', `"confirmed_until" <= "expires_at"`)
export class Session {
  @PrimaryColumn('uuid') id: string;
  @Index() @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid') userId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** Only a renewal with a later `providerExpiresAt` extends it. */
  @Column('timestamptz') expiresAt: Date;
  @Column('text', { default: 'password' }) method: SessionMethod;
  /** Of the sign-in, shortened; the user sees it in the list of their sessions. */
  @Column('text', { nullable: true }) userAgent: string | null;
  @Column('text', { nullable: true }) clientHost: string | null;
  /** Written once a minute at most. */
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;

  @Column('bytea', { nullable: true }) tokenDigest: Buffer | null;
  @Column('text', { nullable: true }) issuer: string | null;
  /** The provider's `sub`, which logout tokens name; login methods may use another claim as subject. */
  @Column('text', { nullable: true }) subject: string | null;
  /** The `sid` of the provider, which a logout token may name. */
  @Column('text', { nullable: true }) providerSessionId: string | null;
  @Column('text', { nullable: true }) sealedRefreshToken: string | null;
  /** Sent to the provider at logout as `id_token_hint`. */
  @Column('text', { nullable: true }) sealedIdToken: string | null;
  /** What the ID token of the sign-in says about it; null: nothing. No renewal changes it. */
  @Column('text', { nullable: true }) acr: string | null;
  @Column('text', { array: true, nullable: true }) amr: string[] | null;
  @Column('timestamptz', { nullable: true }) authenticatedAt: Date | null;
  /** The `session_expiry` of the last ID token that had one; null: none had. */
  @Column('timestamptz', { nullable: true }) providerExpiresAt: Date | null;
  /** Valid without a renewal until this time. */
  @Column('timestamptz', { nullable: true }) confirmedUntil: Date | null;
  @Column('timestamptz', { nullable: true }) refreshDueAt: Date | null;
  /** A replica renews the session; after this time it is assumed to have crashed. */
  @Column('timestamptz', { nullable: true }) refreshingUntil: Date | null;
}
