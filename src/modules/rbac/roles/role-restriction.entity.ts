import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** The organization restricts who may assign this role (docs/contract/roles.md#restricted-roles). */
@Entity('role_restrictions')
export class RoleRestriction {
  @PrimaryColumn('uuid') @ForeignKey('Org', { onDelete: 'CASCADE' }) orgId: string;
  @PrimaryColumn('uuid') @Index() @ForeignKey('Role', { onDelete: 'CASCADE' }) roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
