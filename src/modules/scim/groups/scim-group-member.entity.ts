import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A user in a group; foreign keys ensure that both belong to one organization. */
@Entity('scim_group_members')
@Index('scim_group_members_by_user', ['scimUserId', 'orgId'])
@ForeignKey('ScimGroup', ['groupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('ScimUser', ['scimUserId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class ScimGroupMember {
  @PrimaryColumn('uuid') groupId: string;
  @PrimaryColumn('uuid') scimUserId: string;
  @Column('uuid') orgId: string;
}
