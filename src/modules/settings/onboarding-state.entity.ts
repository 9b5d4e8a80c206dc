import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** A step, named like the column that stores when it was completed. */
export type OnboardingStep = Exclude<keyof OnboardingState, 'id' | 'userId' | 'createdAt' | 'updatedAt'>;

/** When a user completed each onboarding step; null = not yet. */
@Entity('onboarding_states')
@Unique('onboarding_states_one_per_user', ['userId'])
export class OnboardingState {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid') userId: string;
  @Column('timestamptz', { nullable: true }) tracingCompletedAt: Date | null;
  @Column('timestamptz', { nullable: true }) lgstudioCompletedAt: Date | null;
  @Column('timestamptz', { nullable: true }) playgroundCompletedAt: Date | null;
  @Column('timestamptz', { nullable: true }) evaluationCompletedAt: Date | null;
  @Column('timestamptz', { nullable: true }) successViewedAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
