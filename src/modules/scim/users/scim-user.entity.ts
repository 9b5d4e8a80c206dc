import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { JsonObject } from '../protocol/value.js';

/**
 * A user as the organization's identity provider describes them (docs/contract/scim.md#records). Deleted with the membership, which
 * holds the active state. Names are indexed by lower-case expressions, which TypeORM cannot declare.
 */
@Entity('scim_users')
@Unique('scim_users_one_per_member', ['orgId', 'userId'])
@Unique('scim_users_one_per_external_id', ['orgId', 'externalId'])
@Unique('scim_users_id_org_id_key', ['id', 'orgId'])
@Index('scim_users_one_per_user_name', { synchronize: false })
@Index('scim_users_by_display_name', { synchronize: false })
@Index('scim_users_by_family_name', { synchronize: false })
@Index('scim_users_by_given_name', { synchronize: false })
@Index('scim_users_by_email', { synchronize: false })
@Index('scim_users_by_title', { synchronize: false })
@Index('scim_users_by_nick_name', { synchronize: false })
@Index('scim_users_by_trigrams', { synchronize: false })
@Index('scim_users_by_named_roles', { synchronize: false })
@Index('scim_users_by_age', ['orgId', 'createdAt', 'id'])
@Index('scim_users_by_change', ['orgId', 'updatedAt', 'id'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@Check('scim_users_have_an_email', `cardinality("emails") > 0`)
export class ScimUser {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orgId: string;
  @Index() @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid') userId: string;
  /** SCIM created the account, so it may update it while no other organization or login method holds it. */
  @Column('boolean') madeAccount: boolean;
  @Column('text') userName: string;
  @Column('text', { nullable: true }) externalId: string | null;
  /** Lower case, for filters. */
  @Column('text', { array: true }) emails: string[];
  /** All other attributes, named as in the schema. */
  @Column('jsonb') attributes: JsonObject;
  /** False: a token with the reach of an operator has written the attribute `roles` while it had no effect. */
  @Column('boolean', { default: true }) rolesAreConfirmed: boolean;
  @Column('integer', { default: 1 }) version: number;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
}
