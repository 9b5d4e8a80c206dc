import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { PasswordChooser } from './address-proof.js';

/** An argon2id digest, with its origin (docs/contract/passwords.md#what-a-password-proves). */
@Entity('passwords')
@Check(
  'passwords_chooser_is_known',
  `"chosen_by" IN ('owner', 'organization_admin', 'installation', 'unknown')`,
)
@Check(
  'passwords_origin_is_consistent',
  `CASE "chosen_by"
    WHEN 'owner' THEN NOT ("address_proved" AND "vouching_org_id" IS NOT NULL)
    WHEN 'unknown' THEN NOT "address_proved" AND "vouching_org_id" IS NULL
    ELSE NOT "address_proved" AND "vouching_org_id" IS NOT NULL
  END`,
)
export class Password {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('text') digest: string;
  @Column('text', { default: 'unknown' }) chosenBy: PasswordChooser;
  /** The organization whose admin chose this password, or the one that the user replaced by it. */
  @Index()
  @ForeignKey('Org', { onDelete: 'CASCADE' })
  @Column('uuid', { name: 'vouching_org_id', nullable: true })
  issuingOrgId: string | null;
  /** The user set it after verifying the e-mail address. */
  @Column('boolean', { default: false }) addressProved: boolean;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** To accept an invitation, to begin with an account that an admin made, or because the password is forgotten. */
export type PasswordLinkPurpose = 'invitation' | 'account' | 'forgotten';

/** The newest of a user for a purpose, or of an invitation (docs/contract/passwords.md#password-links). */
@Entity('password_links')
@Unique('password_links_digest_key', ['digest'])
@Unique('password_links_one_per_user_and_purpose', ['userId', 'purpose'])
@Unique('password_links_one_per_invitation', ['invitationId'])
@Index('password_links_by_expiry', ['expiresAt'])
@Check('password_links_purpose_is_known', `"purpose" IN ('invitation', 'account', 'forgotten')`)
@Check(
  'password_links_are_for_a_user_or_an_invitation',
  `("user_id" IS NULL) = ("purpose" = 'invitation') AND ("invitation_id" IS NULL) = ("purpose" <> 'invitation')`,
)
@Check('password_links_of_organizations_name_theirs', `("org_id" IS NULL) = ("purpose" = 'forgotten')`)
@Check('password_links_forgotten_are_mailed', `"purpose" <> 'forgotten' OR "handed_over_by_user_id" IS NULL`)
export class PasswordLink {
  @PrimaryColumn('uuid') id: string;
  @Column('bytea') digest: Buffer;
  @Column('text') purpose: PasswordLinkPurpose;
  /** That of the user or the invitation when the link was made; the link sets no password for another one. */
  @Column('text') email: string;
  @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) userId: string | null;
  @ForeignKey('Invitation', { onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  invitationId: string | null;
  /** The organization that invites, or whose admin made the account or the link. */
  @Index() @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) orgId:
    string | null;
  /** The admin who got the link, to hand it over; null: the link was mailed, so it proves the mailbox. */
  @Index()
  @ForeignKey('User', { onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  handedOverByUserId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
}

/** A network, alone or with an e-mail address, of a successful login; digests reveal neither users nor locations. */
@Entity('login_networks')
@Index('login_networks_by_success', ['lastSuccessAt'])
export class LoginNetwork {
  @PrimaryColumn('bytea') key: Buffer;
  @Column('timestamptz') lastSuccessAt: Date;
}

/** The password of a break-glass window as an argon2id digest, valid until it expires. */
@Entity('break_glass_passwords')
export class BreakGlassPassword {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('text') digest: string;
  /** Compared with now() at each use. */
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
