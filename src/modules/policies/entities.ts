import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ConditionGroup, Effect } from './condition.js';

/** Allows or denies a permission by resource tags, for holders of the roles that it is attached to. */
@Entity('access_policies')
@Unique('access_policies_name_is_unique_in_org', ['orgId', 'name'])
@Check('access_policies_effect_is_known', `"effect" IN ('allow', 'deny')`)
export class AccessPolicy {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') name: string;
  @Column('text') description: string;
  @Column('text') effect: Effect;
  /** Validated before it is stored; not validated when read. */
  @Column('jsonb') conditionGroups: ConditionGroup[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** When it was last changed, attached or detached. */
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** Attaches a policy to a workspace role: a custom role, or a system role within the policy's organization only. */
@Entity('access_policy_roles')
export class AccessPolicyRole {
  @PrimaryColumn('uuid') @ForeignKey('AccessPolicy', { onDelete: 'CASCADE' }) accessPolicyId: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey('Role', { onDelete: 'CASCADE' }) roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
