import { Injectable } from '@nestjs/common';
import { type CryptoKey, importJWK } from 'jose';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretPost,
  clockSkew,
  clockTolerance,
  Configuration,
  type CustomFetch,
  customFetch,
  modifyAssertion,
  None,
  PrivateKeyJwt,
} from 'openid-client';
import { required } from '../../../../common/collections.js';
import type { ClientKey } from '../../../../config/sign-in-parsers.js';
import { Config } from '../../../../config/config.js';
import { CLOCK_SKEW_SECONDS } from './signed-tokens.js';
import { rethrowFrom } from './library-errors.mapper.js';
import { ClientAuthenticationRejected, type Purpose } from './provider.errors.js';
import type { ProviderMetadata } from './trusted-metadata.js';

type Method = { readonly name: string; readonly authenticate: ClientAuth };

type Options = {
  readonly fetch: CustomFetch;
  /** By the database's clock: dates assertions, and is what the dates of an ID token are compared with. */
  readonly now: Date;
};

@Injectable()
export class ProviderClient {
  /** The name of the method that the provider accepted last; per process. */
  private accepted: string | null = null;

  constructor(private readonly config: Config) {}

  configuration(
    metadata: ProviderMetadata,
    { fetch, now }: Partial<Options> = {},
    authenticate?: ClientAuth,
  ): Configuration {
    const skewMs = now === undefined ? 0 : now.getTime() - Date.now();
    const client = { [clockSkew]: Math.round(skewMs / 1000), [clockTolerance]: CLOCK_SKEW_SECONDS };
    const configuration = new Configuration(metadata, this.sso.clientId, client, authenticate);
    if (fetch) configuration[customFetch] = fetch;
    allowInsecureRequests(configuration); // only for loopback: the environment and `trustedMetadata` check it
    return configuration;
  }

  /** A second method follows a refusal only, which uses up no code (docs/contract/sign-in.md#client-authentication). */
  async sendAuthenticated<Result>(
    { purpose, metadata, ...options }: Options & { purpose: Purpose; metadata: ProviderMetadata },
    send: (configuration: Configuration) => Promise<Result>,
  ): Promise<Result> {
    const [usual, other] = await methodsFor(this.sso, metadata);
    const [first, second] = other?.name === this.accepted ? [other, usual] : [usual, other];
    const attempt = async ({ name, authenticate }: Method) => {
      const configuration = this.configuration(metadata, options, authenticate);
      const result = await send(configuration).catch(rethrowFrom(purpose));
      this.accepted = name;
      return result;
    };
    return attempt(first).catch((error: unknown) => {
      if (second === undefined || !isRefusal(error)) throw error;
      return attempt(second);
    });
  }

  private get sso() {
    return required(this.config.sso, 'single sign-on');
  }
}

/** A grant type that the provider does not support has the same class. */
const isRefusal = (error: unknown) =>
  error instanceof ClientAuthenticationRejected && error.reason !== 'unsupported_grant_type';

async function methodsFor(
  { clientSecret, clientKey, authMethod }: NonNullable<Config['sso']>,
  metadata: ProviderMetadata,
): Promise<[Method, Method?]> {
  if (clientKey !== null && (authMethod ?? 'private_key_jwt') === 'private_key_jwt') {
    const key = (await importJWK({ ...clientKey.jwk }, clientKey.header.alg)) as CryptoKey;
    const methodFor = (audience: string) => assertion(key, clientKey.header, audience);
    return [methodFor(metadata.issuer), methodFor(metadata.token_endpoint)];
  }
  if (clientSecret === null) return [{ name: 'none', authenticate: None() }];
  const inHeader = { name: 'client_secret_basic', authenticate: secretInHeader(clientSecret) };
  const inBody = { name: 'client_secret_post', authenticate: ClientSecretPost(clientSecret) };
  if (authMethod !== null) return [authMethod === inBody.name ? inBody : inHeader];
  // without an announcement it is the header (OpenID Connect Discovery 1.0, section 3)
  const announced = metadata.token_endpoint_auth_methods_supported ?? [inHeader.name];
  if (!announced.includes(inBody.name)) return [inHeader];
  return announced.includes(inHeader.name) ? [inHeader, inBody] : [inBody];
}

/** The issuer (draft-ietf-oauth-rfc7523bis), or the token endpoint, as Entra ID and Okta document it; never both. */
function assertion(key: CryptoKey, header: ClientKey['header'], audience: string): Method {
  const modify = (ownHeader: object, claims: Record<string, unknown>) => {
    Object.assign(ownHeader, header, { typ: 'JWT' });
    claims['aud'] = audience;
  };
  const authenticate = PrivateKeyJwt(key, { [modifyAssertion]: modify });
  return { name: `private_key_jwt for ${audience}`, authenticate };
}

/**
 * RFC 6749, section 2.3.1, with all unreserved characters (RFC 3986, section 2.3) as they are, since some providers do
 * not decode: the library's `ClientSecretBasic` encodes those, too. A space is `%20`, which form decoders accept.
 */
function secretInHeader(clientSecret: string): ClientAuth {
  return (_, { client_id: clientId }, _body, headers) => {
    const encoded = [clientId, clientSecret].map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (reserved) => `%${reserved.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    );
    headers.set('authorization', `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`);
  };
}
