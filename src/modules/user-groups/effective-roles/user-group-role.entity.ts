import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * A role that a user has in a workspace through groups, whether or not they are a member of the workspace. Triggers
 * keep it (docs/decisions/0075).
 */
@Entity('user_group_roles')
@Check('user_group_roles_have_a_source', `"sources" > 0`)
export class UserGroupRole {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey('Workspace', { onDelete: 'CASCADE' }) workspaceId: string;
  @PrimaryColumn('uuid') roleId: string;
  /** The number of memberships in groups and children that give it. */
  @Column('integer') sources: number;
}
