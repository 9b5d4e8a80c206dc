import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { ClientSecretPost, None } from 'openid-client';
import { required } from '../../../../common/required.js';
import { Config } from '../../../../config/config.js';
import { DatabaseClock } from '../../../../database/database-clock.js';
import { newId } from '../../../../database/new-id.js';
import type { ProviderMetadata } from './trusted-metadata.js';

/** Adds the credentials of this installation to a request. */
type Authenticate = (body: URLSearchParams, headers: Headers) => Promise<void> | void;
export type Authentication = { readonly name: string; readonly apply: Authenticate };

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'; // RFC 7523, section 2.2
const ASSERTION_SECONDS = 60;

/** How this installation authenticates as a client of the provider (docs/contract/sign-in.md#client-authentication). */
@Injectable()
export class ClientAuthentication {
  /** The name of the method that the provider accepted last; per process. */
  private accepted: string | null = null;

  constructor(
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {}

  /** The methods to try, one after the other while the provider refuses the client's authentication; at most two. */
  methods(metadata: ProviderMetadata): Authentication[] {
    const isAccepted = ({ name }: Authentication) => name === this.accepted;
    return this.configured(metadata).sort((a, b) => Number(isAccepted(b)) - Number(isAccepted(a)));
  }

  remember({ name }: Authentication): void {
    this.accepted = name;
  }

  private configured(metadata: ProviderMetadata): Authentication[] {
    const { clientId, clientSecret, clientKey, authMethod } = required(this.config.sso, 'single sign-on');
    const { issuer, token_endpoint: tokenEndpoint } = metadata;
    const client = { client_id: clientId };
    if (clientKey !== null && (authMethod ?? 'private_key_jwt') === 'private_key_jwt')
      return [issuer, tokenEndpoint].map((audience) => this.assertion(audience));
    if (clientSecret === null)
      return [{ name: 'none', apply: (body, headers) => None()({ issuer }, client, body, headers) }];
    const inBody = ClientSecretPost(clientSecret);
    return secretMethods(authMethod, metadata.token_endpoint_auth_methods_supported).map((name) => ({
      name,
      apply: (body, headers) =>
        name === 'client_secret_post'
          ? inBody({ issuer }, client, body, headers)
          : headers.set('authorization', basicCredentials(clientId, clientSecret)),
    }));
  }

  /**
   * The audience is the issuer (draft-ietf-oauth-rfc7523bis), or the token endpoint for providers that document it, as
   * Entra ID and Okta do; never both in one assertion.
   */
  private assertion(audience: string): Authentication {
    const { clientId, clientKey } = required(this.config.sso, 'single sign-on');
    const { jwk, header } = required(clientKey, 'client key');
    return {
      name: `private_key_jwt for ${audience}`,
      apply: async (body) => {
        const now = Math.floor((await this.clock.now()).getTime() / 1000);
        const assertion = await new SignJWT()
          .setProtectedHeader({ ...header, typ: 'JWT' })
          .setIssuer(clientId)
          .setSubject(clientId)
          .setAudience(audience)
          .setJti(newId())
          .setIssuedAt(now)
          .setNotBefore(now)
          .setExpirationTime(now + ASSERTION_SECONDS)
          .sign(jwk);
        body.set('client_id', clientId);
        body.set('client_assertion_type', ASSERTION_TYPE);
        body.set('client_assertion', assertion);
      },
    };
  }
}

/**
 * RFC 6749, section 2.3.1, with all unreserved characters (RFC 3986, section 2.3) as they are, since some providers do
 * not decode: the library's `ClientSecretBasic` encodes those, too. A space is `%20`, which form decoders accept.
 */
function basicCredentials(clientId: string, clientSecret: string): string {
  const encoded = [clientId, clientSecret].map((part) =>
    encodeURIComponent(part).replace(
      /[!'()*]/g,
      (reserved) => `%${reserved.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  );
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

/** OpenID Connect Discovery 1.0, section 3: without an announcement the method is `client_secret_basic`. */
function secretMethods(
  configured: string | null,
  announced: readonly string[] = ['client_secret_basic'],
): string[] {
  if (configured !== null) return [configured];
  const usable = ['client_secret_basic', 'client_secret_post'].filter((name) => announced.includes(name));
  return usable.length > 0 ? usable : ['client_secret_basic'];
}
