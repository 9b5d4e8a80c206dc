import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A bearer token of an identity provider for one organization, stored as a digest. */
@Entity('scim_tokens')
@Unique('scim_tokens_digest_key', ['digest'])
@Index('scim_tokens_by_age', ['orgId', 'createdAt', 'id'])
@Index('scim_tokens_by_expiry', ['expiresAt'], { where: `"expires_at" IS NOT NULL` })
export class ScimToken {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('bytea') digest: Buffer;
  @Column('text') shortToken: string;
  @Column('text') description: string;
  /** False for tokens that operators created before only admins could (docs/contract/scim.md#tokens). */
  @Column('boolean', { default: true }) makesAdmins: boolean;
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
  /** Null = never. Compared with now() at each use. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
}
