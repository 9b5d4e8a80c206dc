import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import type { UserOnboardingStateResponse } from '../../../contract/settings.js';
import type { OnboardingStep } from './onboarding-step.js';

const STEPS = {
  tracing_completed_at: 'tracingCompletedAt',
  lgstudio_completed_at: 'lgstudioCompletedAt',
  playground_completed_at: 'playgroundCompletedAt',
  evaluation_completed_at: 'evaluationCompletedAt',
  success_viewed_at: 'successViewedAt',
} as const satisfies Partial<Record<keyof UserOnboardingStateResponse, OnboardingStep>>;

const isStep = (field: string): field is keyof typeof STEPS => Object.hasOwn(STEPS, field);

/**
 * Maps the path parameter to the step. The contract publishes a plain string, so unknown values are refused here with
 * 422.
 */
@Injectable()
export class OnboardingStepPipe implements PipeTransform<string, OnboardingStep> {
  transform(field: string): OnboardingStep {
    if (isStep(field)) return STEPS[field];
    const msg = `Input should be one of ${Object.keys(STEPS).join(', ')}`;
    throw new ValidationFailed([{ loc: ['path', 'field'], msg, type: 'enum' }]);
  }
}
