import { BadRequest, Forbidden, NotFound, Unauthenticated } from '../../../common/errors/domain-error.js';

/** `error`: the code of the protocol (RFC 6749, section 5.2, and later ones), beside our own. */
abstract class ProtocolError extends BadRequest {
  abstract override readonly fields: { readonly error: string };
}

/** A parameter is missing, malformed or given twice. */
export class InvalidProtocolRequest extends ProtocolError {
  override readonly code = 'invalid_oauth_request';
  override readonly fields = { error: 'invalid_request' };
}

/** One class for several codes of the protocol. */
abstract class RefusedByProtocol extends ProtocolError {
  constructor(
    override readonly fields: { readonly error: string },
    message: string,
  ) {
    super(message);
  }
}

/** By the rules of tokens and device codes: `error` says why (RFC 6749, section 5.2; RFC 8628, section 3.5; RFC 8707, section 2). */
export class OauthRequestRefused extends RefusedByProtocol {}

/** Wrong `Authorization` of an application. */
export class ApplicationNotAuthenticated extends Unauthenticated {
  override readonly challenge = 'Basic realm="applications"';
  override readonly fields = { error: 'invalid_client' };
  static readonly message = 'The application is unknown, or its secret is wrong.';
}

export class UnknownApplication extends ProtocolError {
  override readonly fields = { error: 'invalid_client' };
  static readonly message = 'The application is not known here, or its metadata document cannot be used.';
}

export class RedirectAddressNotRegistered extends ProtocolError {
  override readonly fields = { error: 'invalid_request' };
  static readonly message =
    'The application has not registered this redirect_uri, so no browser is sent there. Register it, or use a registered one.';
}

/** Refused after the application and its redirect address were recognized, which may be told. */
export class AuthorizationRefused extends RefusedByProtocol {
  override readonly code = 'authorization_request_refused';
}

export class UserCodeNotFound extends ProtocolError {
  override readonly fields = { error: 'invalid_grant' };
  static readonly message =
    'No device waits with this code: it is mistyped, older than ten minutes, or was used. Start again on the device.';
}

export class ApplicationOfAnotherOrganization extends Forbidden {
  override readonly fields = { error: 'access_denied' };
  static readonly message = 'This application belongs to another organization, and gets access there only.';
}

/** The request acts in another organization than it names. */
export class ApprovalForAnotherOrganization extends Forbidden {
  override readonly fields = { error: 'access_denied' };
  static readonly message =
    'organization_id has to be the organization of the request: send it as X-Organization-Id, too.';
}

export class ApplicationNotAuthorized extends NotFound {
  static readonly message = 'You have not given this application access, or its access has ended.';
}

/** RFC 7591, section 3.2.2. */
export class InvalidClientMetadata extends ProtocolError {
  override readonly fields = { error: 'invalid_client_metadata' };
}

/** RFC 7591, section 3.2.2. */
export class InvalidRedirectUri extends ProtocolError {
  override readonly fields = { error: 'invalid_redirect_uri' };
}
