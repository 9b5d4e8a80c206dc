import type { UserOnboardingStateResponse } from '../../contract/workspaces.js';
import { ValidationFailed } from '../../common/errors/errors.js';

import type { OnboardingState, OnboardingStep } from './onboarding-state.entity.js';

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

const STEPS = {
  tracing_completed_at: 'tracingCompletedAt',
  lgstudio_completed_at: 'lgstudioCompletedAt',
  playground_completed_at: 'playgroundCompletedAt',
  evaluation_completed_at: 'evaluationCompletedAt',
  success_viewed_at: 'successViewedAt',
} as const satisfies Partial<Record<keyof UserOnboardingStateResponse, OnboardingStep>>;

const isStep = (field: string): field is keyof typeof STEPS => Object.hasOwn(STEPS, field);

/**
 * The step that the path names. The contract publishes a plain string.
 *
 * @throws ValidationFailed
 */
export function stepOf(field: string): OnboardingStep {
  if (isStep(field)) return STEPS[field];
  const msg = `Input should be one of ${Object.keys(STEPS).join(', ')}`;
  throw new ValidationFailed([{ loc: ['path', 'field'], msg, type: 'enum' }]);
}
