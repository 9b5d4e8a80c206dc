/** A first step with the product, named as the column that tells when it was taken. */
export type OnboardingStep =
  | 'tracingCompletedAt'
  | 'lgstudioCompletedAt'
  | 'playgroundCompletedAt'
  | 'evaluationCompletedAt'
  | 'successViewedAt';
