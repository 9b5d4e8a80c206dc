import { BadRequest } from '../../../../common/errors/domain-error.js';

export class InvalidFrontchannelLogout extends BadRequest {
  readonly code = 'invalid_frontchannel_logout';
  constructor() {
    super(
      'The logout request needs the issuer in use here as `iss`, and as `sid` a session id of that issuer.',
    );
  }
}
