import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CredentialOrigin } from '../../auth/api-keys/index.js';

/** A bearer token of an identity provider for one organization, stored as a digest. */
@Entity('scim_tokens')
@Unique('scim_tokens_digest_key', ['digest'])
@Index('scim_tokens_previous_digest_key', ['previousDigest'], {
  unique: true,
  where: `"previous_digest" IS NOT NULL`,
})
@Check(
  'scim_tokens_previous_secret_is_complete',
  `("previous_digest" IS NULL) = ("previous_ends_at" IS NULL)`,
)
@Check('scim_tokens_previous_secret_is_another', `"previous_digest" <> "digest"`)
@Index('scim_tokens_by_age', ['orgId', 'createdAt', 'id'])
@Index('scim_tokens_by_maker', ['creatorKeyId'], { where: `"maker_key_id" IS NOT NULL` })
@Check(
  'scim_tokens_created_with_kind_is_known',
  `"created_with_kind" IN ('session', 'personal-access-token', 'service-key')`,
)
@Check('scim_tokens_created_with_is_complete', `("created_with_kind" IS NULL) = ("created_with_id" IS NULL)`)
@Index('scim_tokens_by_expiry', ['expiresAt'], { where: `"expires_at" IS NOT NULL` })
export class ScimToken {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('bytea') digest: Buffer;
  @Column('text') shortToken: string;
  @Column('text') description: string;
  /** False for tokens that operators created before only admins could (docs/contract/scim.md#tokens). */
  @Column('boolean', { default: true }) makesAdmins: boolean;
  /** The user who created it, directly or with a key. */
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  /** The credential with which it was created, as of `ApiKey`. */
  @Column('text', { nullable: true }) createdWithKind: CredentialOrigin['createdWithKind'];
  @Column('uuid', { nullable: true }) createdWithId: string | null;
  @Column('uuid', { name: 'maker_key_id', nullable: true }) creatorKeyId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
  /** Null = never. Compared with now() at each use. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  /** As of `ApiKey`. */
  @Column('timestamptz', { nullable: true }) rightsEndAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
  /** As of `ApiKey`. */
  @Column('bytea', { nullable: true }) previousDigest: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousEndsAt: Date | null;
}
