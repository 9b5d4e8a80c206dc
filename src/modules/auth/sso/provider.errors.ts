import {
  Forbidden,
  NotFound,
  BadRequest,
  Unauthenticated,
  UpstreamFailed,
} from '../../../common/errors/domain-error.js';

export class SsoDisabled extends NotFound {
  readonly code = 'sso_is_off';
  constructor() {
    super(
      'Single sign-on is not set up here: sign in with your password. ' +
        'The operator of this installation can set it up: OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_ISSUER_URL.',
    );
  }
}
/** The provider could not be asked, or its answer could not be used: another time it may work. */
export class ProviderUnavailable extends UpstreamFailed {
  readonly code = 'provider_unavailable';
  readonly timedOut: boolean;

  /** @param reason for the log: what was asked and what came, without a value of it */
  constructor(
    readonly reason: string,
    options: { timedOut?: boolean; cause?: unknown } = {},
  ) {
    super(
      (options.timedOut
        ? 'The identity provider did not answer in time.'
        : 'The identity provider could not be asked, or gave an answer that makes no sense.') +
        ' Try again in a minute; if it goes on, tell the operator of this installation.',
      options,
    );
    this.timedOut = options.timedOut ?? false;
  }
}

/** The provider does not give new tokens for this refresh token any more (`invalid_grant`): the session is over. */
export class RefreshTokenRejected extends Unauthenticated {
  readonly code = 'refresh_refused';
  constructor() {
    super('The identity provider does not extend this session; sign in again.');
  }
}

/** The token endpoint does not know this code (any more). */
export class AuthorizationCodeRejected extends BadRequest {
  readonly code = 'code_refused';
  constructor() {
    super(
      'The identity provider does not take back the code of this sign-in: it is too old or was used. Start again.',
    );
  }
}

/** The provider does not accept us. */
export class ClientAuthenticationRejected extends Forbidden {
  readonly code = 'client_refused';
  constructor() {
    super(
      'The identity provider does not accept this installation as its client. ' +
        'The operator of this installation can mend that: OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and AUTH_TYPE.',
    );
  }
}

/** A logout token that proves nothing; `reason` is for the log. */
export class InvalidLogoutToken extends BadRequest {
  readonly code = 'logout_token_refused';
  constructor(readonly reason: string) {
    super('The logout token was refused.');
  }
}

/** Why a token is not believed, in words for people and, as the key, for the log. */
const TOKEN_FLAWS = {
  malformed: 'it cannot be read',
  algorithm: 'it is signed in a way that the provider does not announce or that proves nothing',
  unknown_key: 'it is signed with a key that the provider does not publish',
  ambiguous_key: 'it does not say with which of the keys of the provider it is signed',
  signature: 'its signature is wrong',
  issuer: 'another issuer made it',
  audience: 'it is meant for somebody else',
  authorized_party: 'it was given to somebody else',
  expired: 'it has expired, or does not say when it will',
  issued_at: 'it does not say when it was made, or says something impossible',
  nonce: 'it does not belong to this sign-in',
  access_token: 'it does not fit the access token that came with it',
  subject: 'it does not say whom it is about',
  user_info: 'the details that go with it are about somebody else',
} as const;

export type TokenFlaw = keyof typeof TOKEN_FLAWS;

/** The provider sent an ID token that does not prove who somebody is. */
export class InvalidIdToken extends Unauthenticated {
  readonly code = 'id_token_refused';
  constructor(readonly reason: TokenFlaw) {
    super(
      `The identity provider's statement about you cannot be accepted: ${TOKEN_FLAWS[reason]}. ` +
        'Start again; if it goes on, tell the operator of this installation.',
    );
  }
}
