import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { ConditionGroup, Effect } from './condition.js';

/** Allows or denies, by the tags of a resource, what the roles it is attached to are about to do with it. */
@Entity('access_policies')
@Unique('access_policies_name_is_unique_in_org', ['orgId', 'name'])
@Check('access_policies_effect_is_known', `"effect" IN ('allow', 'deny')`)
export class AccessPolicy {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') name: string;
  @Column('text') description: string;
  @Column('text') effect: Effect;
  /** Checked before it is stored; read as it is. */
  @Column('jsonb') conditionGroups: ConditionGroup[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** When it was last attached to a role: nothing else of a policy changes. */
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
