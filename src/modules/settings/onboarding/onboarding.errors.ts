import { NotFound } from '../../../common/errors/domain-error.js';

/** See docs/contract/http.md#null-and-absent-fields. */
export class OnboardingNotStarted extends NotFound {
  readonly code = 'onboarding_not_started';
  constructor() {
    super('You have no onboarding state yet; create it with a POST.');
  }
}
