import { NotFound } from '../../../common/errors/domain-error.js';

export class PublicUrlMissing extends NotFound {
  static readonly message =
    'The operator has to set LANGSMITH_URL first, from which the addresses are built.';
}
