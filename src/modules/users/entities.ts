import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** One in all organizations. `id` is the API's `ls_user_id` (docs/decisions/0005); the nil UUID means "no user". */
@Entity('users')
@Unique('users_email_key', ['email'])
@Check('users_id_is_not_nil', `"id" <> '00000000-0000-0000-0000-000000000000'`)
@Check('users_email_is_canonical', `"email" = lower(btrim("email")) AND "email" <> ''`)
export class User {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text', { nullable: true }) fullName: string | null;
  @Column('text', { nullable: true }) avatarUrl: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** What verified the address: the provider, or a mailed link. */
export type EmailVerification = 'provider' | 'mail';

/**
 * Without its secret. A provider login is identified by issuer and subject (docs/contract/sign-in.md#linking-logins).
 */
@Entity('login_methods')
@Check(
  'login_methods_confirmation_has_a_source',
  `("email_confirmed_at" IS NULL) = ("email_confirmed_by" IS NULL)`,
)
@Check('login_methods_confirmation_source_is_known', `"email_confirmed_by" IN ('provider', 'mail')`)
@Index('login_methods_one_password_per_user', ['userId'], { unique: true, where: `"provider" = 'email'` })
@Index('login_methods_one_owner_per_subject', ['issuer', 'subject'], { unique: true })
@Check('login_methods_provider_is_known', `"provider" IN ('email', 'custom-oidc')`)
@Check(
  'login_methods_outside_has_subject',
  `("provider" = 'email') = ("issuer" IS NULL AND "subject" IS NULL)`,
)
@Check(
  'login_methods_only_providers_say',
  `"provider" <> 'email' OR ("provider_email" IS NULL AND "provider_username" IS NULL)`,
)
@Check('login_methods_provisioning_is_known', `"provisioning_method" IN ('bootstrap', 'scim')`)
export class LoginMethod {
  @PrimaryColumn('uuid') id: string;
  @Index() @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid') userId: string;
  @Column('text') provider: 'email' | 'custom-oidc';
  @Column('text', { nullable: true }) issuer: string | null;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text', { nullable: true }) provisioningMethod: 'bootstrap' | 'scim' | null;
  /** When the user first proved the address of the account; provider logins only. */
  @Column('timestamptz', { nullable: true }) emailConfirmedAt: Date | null;
  @Column('text', { nullable: true }) emailConfirmedBy: EmailVerification | null;
  /** As the provider sent it at the last sign-in, canonical, verified or not; may differ from that of the account. */
  @Column('text', { nullable: true }) providerEmail: string | null;
  /** The claim `preferred_username` of the last sign-in. */
  @Column('text', { nullable: true }) providerUsername: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

export type ExternalLogin = { readonly issuer: string; readonly subject: string };

/** What is stored of the provider's claims about a login (docs/contract/sign-in.md#stored-claims). */
export type StoredClaims = { readonly email: string | null; readonly username: string | null };
