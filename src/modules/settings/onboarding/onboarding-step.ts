/** An onboarding step, named like the column that stores when it was completed. */
export type OnboardingStep =
  | 'tracingCompletedAt'
  | 'lgstudioCompletedAt'
  | 'playgroundCompletedAt'
  | 'evaluationCompletedAt'
  | 'successViewedAt';
