import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AccessScope, Permission } from '../../common/access/permissions.js';

/** System roles have no organization; custom roles belong to one and have workspace scope. */
@Entity('roles')
@Unique('roles_display_name_is_unique_in_org', ['orgId', 'displayName'])
@Check('roles_scope_is_known', `"access_scope" IN ('organization', 'workspace')`)
@Check(
  'roles_custom_are_for_workspaces',
  `"org_id" IS NULL OR ("access_scope" = 'workspace' AND "name" = 'CUSTOM')`,
)
@Check('roles_allow_something', `cardinality("permissions") > 0`)
export class Role {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) orgId: string | null;
  @Column('text') name: string;
  @Column('text') displayName: string;
  @Column('text') description: string;
  @Column('text') accessScope: AccessScope;
  /** In the order in which they were sent (docs/contract/roles.md#custom-roles). */
  @Column('text', { array: true }) permissions: Permission[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

/** The organization restricts who may assign this role (docs/contract/roles.md#restricted-roles). */
@Entity('role_restrictions')
export class RoleRestriction {
  @PrimaryColumn('uuid') @ForeignKey('Org', { onDelete: 'CASCADE' }) orgId: string;
  @PrimaryColumn('uuid') @Index() @ForeignKey('Role', { onDelete: 'CASCADE' }) roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
