import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The onboarding steps of each user. */
export class CreateOnboardingStates1764100000000 implements MigrationInterface {
  name = 'CreateOnboardingStates1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table onboarding_states (
        id uuid not null,
        user_id uuid not null,
        tracing_completed_at timestamptz,
        lgstudio_completed_at timestamptz,
        playground_completed_at timestamptz,
        evaluation_completed_at timestamptz,
        success_viewed_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint onboarding_states_one_per_user unique (user_id),
        constraint onboarding_states_pkey primary key (id),
        constraint onboarding_states_user_id_fkey foreign key (user_id) references users(id) on delete cascade)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table onboarding_states');
  }
}
