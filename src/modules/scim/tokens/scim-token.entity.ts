import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** What an identity provider shows to act for one organization, as a digest. */
@Entity('scim_tokens')
@Unique('scim_tokens_digest_key', ['digest'])
@Index('scim_tokens_by_age', ['orgId', 'createdAt', 'id'])
export class ScimToken {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('bytea') digest: Buffer;
  @Column('text') shortToken: string;
  @Column('text') description: string;
  /** False for tokens that operators made before contract decision 51 closed that to them. */
  @Column('boolean', { default: true }) makesAdmins: boolean;
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
  /** Null = never. Compared with now() at each use. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
}
