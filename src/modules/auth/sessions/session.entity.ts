import type { SessionMethod } from '../../../common/access/principal.js';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * A signed-in person. Kept here so that ending it is immediate; the token carries only its id. A session of single
 * sign-on is known by the digest of its cookie instead, and says where it came from.
 */
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
  /** The end, whatever the provider says. */
  @Column('timestamptz') expiresAt: Date;
  @Column('text', { default: 'password' }) method: SessionMethod;

  @Column('bytea', { nullable: true }) tokenDigest: Buffer | null;
  @Column('text', { nullable: true }) issuer: string | null;
  /** The provider's own `sub`, which logout tokens name; login methods may know the person by another claim. */
  @Column('text', { nullable: true }) subject: string | null;
  /** The `sid` of OpenID Connect, by which the provider ends it. */
  @Column('text', { nullable: true }) providerSessionId: string | null;
  @Column('text', { nullable: true }) sealedRefreshToken: string | null;
  /** Shown to the provider at logout, as a hint. */
  @Column('text', { nullable: true }) sealedIdToken: string | null;
  /** Until then the provider's last word holds; after it, a refresh comes first. */
  @Column('timestamptz', { nullable: true }) confirmedUntil: Date | null;
  @Column('timestamptz', { nullable: true }) refreshDueAt: Date | null;
  /** Some replica is asking the provider; after this time it is given up for dead. */
  @Column('timestamptz', { nullable: true }) refreshingUntil: Date | null;
}
