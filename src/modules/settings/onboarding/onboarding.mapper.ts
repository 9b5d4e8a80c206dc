import type { UserOnboardingStateResponse } from '../../../contract/settings.js';
import type { OnboardingState } from './onboarding-state.entity.js';

export const toOnboardingState = (state: OnboardingState): UserOnboardingStateResponse => ({
  id: state.id,
  ls_user_id: state.userId,
  tracing_completed_at: instant(state.tracingCompletedAt),
  lgstudio_completed_at: instant(state.lgstudioCompletedAt),
  playground_completed_at: instant(state.playgroundCompletedAt),
  evaluation_completed_at: instant(state.evaluationCompletedAt),
  success_viewed_at: instant(state.successViewedAt),
  created_at: state.createdAt.toISOString(),
  updated_at: state.updatedAt.toISOString(),
});

const instant = (time: Date | null) => time?.toISOString() ?? null;
