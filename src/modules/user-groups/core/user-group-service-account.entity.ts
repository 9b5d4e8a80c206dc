import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A service account in a user group; foreign keys ensure that both belong to one organization. */
@Entity('user_group_service_accounts')
@Index('user_group_service_accounts_by_account', ['serviceAccountId', 'orgId'])
@ForeignKey('UserGroup', ['userGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('ServiceAccount', ['serviceAccountId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class UserGroupServiceAccount {
  @PrimaryColumn('uuid') userGroupId: string;
  @PrimaryColumn('uuid') serviceAccountId: string;
  @Column('uuid') orgId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
