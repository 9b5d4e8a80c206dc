import { type Problem, Unprocessable } from './domain-error.js';

/** The request is malformed; `problems` lists every violation. */
export class ValidationFailed extends Unprocessable {
  readonly code = 'validation_failed';

  constructor(problems: readonly Problem[]) {
    super('the request is not valid', { problems });
  }
}
