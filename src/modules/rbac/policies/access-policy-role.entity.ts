import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A workspace role whose holders a policy is about: a system role, in the policy's organization only, or a custom one. */
@Entity('access_policy_roles')
export class AccessPolicyRole {
  @PrimaryColumn('uuid') @ForeignKey('AccessPolicy', { onDelete: 'CASCADE' }) accessPolicyId: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey('Role', { onDelete: 'CASCADE' }) roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
