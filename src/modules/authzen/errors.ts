import { BadRequest, NotFound } from '../../common/errors/domain-error.js';

export class InvalidRequestId extends BadRequest {
  readonly code = 'invalid_request_id';
  static readonly message = 'X-Request-ID takes 1 to 128 visible ASCII characters without spaces.';
}

export class PublicUrlMissing extends NotFound {
  readonly code = 'public_url_missing';
  static readonly message =
    'The operator has to set LANGSMITH_URL first, from which the addresses are built.';
}
