import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Attaches a policy to a workspace role: a custom role, or a system role within the policy's organization only. */
@Entity('access_policy_roles')
export class AccessPolicyRole {
  @PrimaryColumn('uuid') @ForeignKey('AccessPolicy', { onDelete: 'CASCADE' }) accessPolicyId: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey('Role', { onDelete: 'CASCADE' }) roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
