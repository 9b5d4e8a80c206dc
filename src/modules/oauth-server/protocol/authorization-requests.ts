import { Injectable } from '@nestjs/common';
import { isAllowed } from '../clients/redirect-address.js';
import {
  AuthorizationRefused,
  InvalidProtocolRequest,
  RedirectAddressNotRegistered,
  UnknownApplication,
} from '../core/errors.js';
import { type Application, Library } from '../library/library.js';
import { SCOPES } from '../../../common/oauth-values.js';
import { optional, type Parameters, requiredParameter } from './form.js';

/** A request for an authorization code that may be approved. */
export type AuthorizationRequest = {
  readonly application: Application;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly nonce: string | null;
  readonly asksAgain: boolean;
};

/** Where a response may be sent: the application and its address were recognized. */
export type ResponseAddress = { readonly redirectUri: string; readonly state: string | null };

const SINGLE = [
  'response_type',
  'state',
  'scope',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'prompt',
];
const CHALLENGE = /^[\w.~-]{43,128}$/; // RFC 7636, section 4.2

/** The rules of RFC 6749, section 4.1.1, RFC 7636 and RFC 8707, again at each step: no request is stored. */
@Injectable()
export class AuthorizationRequests {
  constructor(private readonly library: Library) {}

  /**
   * Recognizes the application and its address. What is wrong before that is not told to an application.
   *
   * @throws InvalidProtocolRequest, UnknownApplication or RedirectAddressNotRegistered
   */
  async recognize(parameters: Parameters): Promise<ResponseAddress & { application: Application }> {
    const clientId = requiredParameter(parameters, 'client_id');
    const redirectUri = requiredParameter(parameters, 'redirect_uri');
    const application = await this.library.findApplication(clientId);
    if (!application) throw new UnknownApplication();
    if (!isAllowed(application.redirectUris, redirectUri)) throw new RedirectAddressNotRegistered();
    const { state } = parameters;
    return { application, redirectUri, state: typeof state === 'string' ? state : null };
  }

  /** @throws AuthorizationRefused, which the application may be told */
  check(
    parameters: Parameters,
    { application, redirectUri }: { application: Application; redirectUri: string },
  ): AuthorizationRequest {
    for (const name of SINGLE) single(parameters, name);
    if (optional(parameters, 'response_type') !== 'code')
      throw refused('unsupported_response_type', 'response_type must be code.');
    if (!application.usesCodes)
      throw refused('unauthorized_client', 'The application uses no authorization codes.');
    const codeChallenge = optional(parameters, 'code_challenge');
    if (codeChallenge === null || !CHALLENGE.test(codeChallenge))
      throw refused('invalid_request', 'code_challenge is missing or malformed: PKCE is required.');
    if (optional(parameters, 'code_challenge_method') !== 'S256')
      throw refused('invalid_request', 'code_challenge_method must be S256.');
    if (parameters['request'] !== undefined)
      throw refused('request_not_supported', 'Send the parameters themselves.');
    if (parameters['request_uri'] !== undefined)
      throw refused('request_uri_not_supported', 'Send the parameters themselves.');
    if ([parameters['resource'] ?? this.library.issuer].flat().some((each) => each !== this.library.issuer))
      throw refused('invalid_target', `resource must be ${this.library.issuer}.`);
    const prompts = (optional(parameters, 'prompt') ?? '').split(' ');
    if (prompts.includes('none'))
      throw refused('interaction_required', 'People approve applications on a page.');
    return {
      application,
      redirectUri,
      codeChallenge,
      scopes: grantedScopes(optional(parameters, 'scope'), application),
      nonce: optional(parameters, 'nonce'),
      asksAgain: prompts.includes('consent') || prompts.includes('login'),
    };
  }

  /** The response of RFC 6749, section 4.1.2, with the issuer (RFC 9207). */
  responseTo({ redirectUri, state }: ResponseAddress, members: Readonly<Record<string, string>>): string {
    const url = new URL(redirectUri);
    const added = { ...members, ...(state === null ? {} : { state }), iss: this.library.issuer };
    for (const [name, value] of Object.entries(added)) url.searchParams.append(name, value);
    return url.href;
  }
}

/** Unknown scopes are ignored (OpenID Connect Core 1.0, section 3.1.2.1). */
export const grantedScopes = (scope: string | null, { scopes }: Pick<Application, 'scopes'>): string[] => {
  const requested = new Set((scope ?? '').split(' '));
  return SCOPES.filter((each) => requested.has(each) && scopes.includes(each));
};

function single(parameters: Parameters, name: string): void {
  try {
    optional(parameters, name);
  } catch (error) {
    if (!(error instanceof InvalidProtocolRequest)) throw error;
    throw refused('invalid_request', error.message);
  }
}

const refused = (error: string, message: string) => new AuthorizationRefused({ error }, message);
