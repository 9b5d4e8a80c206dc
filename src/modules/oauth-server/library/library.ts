import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import inject from 'light-my-request';
import { type Configuration, errors, Provider } from 'oidc-provider';
import { OAUTH_PREFIXES, secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { MetadataDocumentFetch } from '../clients/metadata-document-fetch.js';
import { redirectFlaw } from '../clients/redirect-address.js';
import type { ApprovedGrant } from '../core/grants.repository.js';
import { adapterOf } from './library-adapter.js';
import { claimsOf, signInOf } from './library.mapper.js';
import { LibraryStore } from './library-store.js';
import { FEATURES, SETTINGS } from './library-settings.js';
import { SCOPES } from '../../../common/oauth-values.js';
import { SigningKeys } from './signing-keys.js';

export type LibraryRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
  readonly remoteAddress: string;
};
export type LibraryResponse = {
  readonly status: number;
  readonly body: Record<string, unknown>;
};

/** A client of any kind, as people approve it. */
export type Application = {
  /** As the library knows it. */
  readonly client: InstanceType<Provider['Client']>;
  readonly clientId: string;
  readonly clientName: string;
  readonly clientUri: string | null;
  readonly logoUri: string | null;
  readonly policyUri: string | null;
  readonly tosUri: string | null;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
  readonly usesCodes: boolean;
  /** Null: it belongs to no organization. */
  readonly orgId: string | null;
  /** Null: it has no row, but is fixed or described by a metadata document. */
  readonly registeredId: string | null;
};

type CodeRequest = {
  readonly application: Pick<Application, 'client'>;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly nonce: string | null;
};

/** A provider with the keys of one version of the key set, which the library takes when it is constructed. */
type Built = { readonly version: string; readonly provider: Provider; readonly listener: RequestListener };

/**
 * The library `oidc-provider` with our settings (docs/decisions/0128-the-authorization-server.md). It gets the issuer's host, no
 * cookie, and of the headers only those that are given.
 */
@Injectable()
export class Library {
  /** `<public address>/api`. */
  readonly issuer: string;
  private built: Built | null = null;
  private readonly failures = new AsyncLocalStorage<{ error: unknown }>();

  constructor(
    private readonly keys: SigningKeys,
    private readonly store: LibraryStore,
    readonly documents: MetadataDocumentFetch,
    private readonly config: Config,
  ) {
    this.issuer = config.authorizationServer.issuer;
  }

  /** Call it outside of transactions. */
  async provider(): Promise<Provider> {
    return (await this.build()).provider;
  }

  /** Before a transaction: creates the first keys, and requests the metadata document of the client if that has one. */
  async prepare(clientId: unknown): Promise<void> {
    const { Client } = await this.provider();
    if (typeof clientId === 'string' && /^https:/i.test(clientId))
      await Client.find(clientId).catch(unlessKnown);
  }

  /** Null if it is unknown, disabled, or has a metadata document that cannot be used. Call it outside of transactions. */
  async findApplication(clientId: string): Promise<Application | null> {
    const { Client } = await this.provider();
    const [client, row] = await Promise.all([
      Client.find(clientId).catch(unlessKnown),
      this.store.clients.find(clientId),
    ]);
    if (!client) return null;
    return {
      client,
      clientId,
      clientName: client.clientName ?? clientId,
      clientUri: client.clientUri ?? null,
      logoUri: client.logoUri ?? null,
      policyUri: client.policyUri ?? null,
      tosUri: client.tosUri ?? null,
      redirectUris: client.redirectUris ?? [],
      scopes: client.scope?.split(' ') ?? SCOPES,
      usesCodes: client.grantTypes?.includes('authorization_code') ?? false,
      orgId: row?.orgId ?? null,
      registeredId: row?.id ?? null,
    };
  }

  /** The library's response to a form. @throws what has failed in the library, so that a transaction around it is rolled back */
  async post(path: string, { headers, form, remoteAddress }: LibraryRequest): Promise<LibraryResponse> {
    const { listener } = await this.build();
    const failure = { error: null as unknown };
    const response = await this.failures.run(
      failure,
      async () =>
        // Awaited here, since that starts the request.
        await inject(listener, {
          method: 'POST',
          url: new URL(path, this.issuer).href, // behind the path of the issuer
          headers: {
            ...headers,
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
          },
          payload: form.toString(),
          remoteAddress,
        }),
    );
    if (response.statusCode >= 500) throw failure.error ?? new Error('the library has failed');
    return { status: response.statusCode, body: response.json() };
  }

  /** Stores a code for the grant that is approved; call it outside of transactions, and what it returns inside. */
  async codeWriter(request: CodeRequest): Promise<(grant: ApprovedGrant) => Promise<string>> {
    const { application, redirectUri, codeChallenge, scopes, nonce } = request;
    const { AuthorizationCode } = await this.provider();
    const { client } = application;
    return ({ userId, ...grant }) =>
      new AuthorizationCode({
        client,
        accountId: userId,
        grantId: grant.id,
        redirectUri,
        codeChallenge,
        codeChallengeMethod: 'S256',
        gty: 'authorization_code',
        resource: this.issuer,
        scope: scopes.join(' '),
        ...(nonce === null ? {} : { nonce }),
        ...signInOf(grant),
      }).save();
  }

  /** Whom the grant acts for; null if it gives nothing at present. */
  async describePerson(grantId: string): Promise<ReturnType<typeof claimsOf> | null> {
    const person = await this.store.grants.findPerson(grantId);
    return person && claimsOf(person);
  }

  private async build(): Promise<Built> {
    const { version, keys } = await this.keys.current();
    if (this.built?.version !== version) {
      const provider = this.construct(keys);
      const callback = provider.callback();
      this.built = { version, provider, listener: (request, response) => void callback(request, response) };
    }
    return this.built;
  }

  private construct(keys: readonly JWK[]): Provider {
    const provider = new Provider(this.issuer, {
      ...SETTINGS,
      fetch: (address) => this.documents.fetch(address as string | URL),
      adapter: (model) => adapterOf(model, this.store, this.issuer),
      jwks: { keys: structuredClone(keys) as NonNullable<Configuration['jwks']>['keys'] },
      findAccount: (_, accountId, source) => this.findAccount(accountId, source?.grantId),
      features: this.features(),
    });
    this.replaceUndocumented(provider);
    provider.on('server_error', (_, error) => {
      const failure = this.failures.getStore();
      if (failure) failure.error = error;
    });
    provider.on('grant.success', ({ body, oidc: { account } }) => {
      const workspaceId = account?.['workspaceId'];
      if (workspaceId) Object.assign(body as object, { workspace_id: workspaceId });
    });
    return provider;
  }

  private features(): NonNullable<Configuration['features']> {
    return {
      ...FEATURES,
      clientIdMetadataDocument: {
        enabled: this.documents.isAnnounced,
        ack: 'draft-02',
        cacheDuration: { min: 300, max: 300 },
        allowFetch: () => Promise.resolve(this.failures.getStore() === undefined), // not in the transaction around `post`
        allowClient: (_, client) => Promise.resolve(isUsable(client)),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => this.issuer,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => this.resourceServer(resource),
      },
    };
  }

  private resourceServer(resource: string) {
    if (resource !== this.issuer) throw new errors.InvalidTarget();
    return { scope: SCOPES.join(' '), audience: this.issuer, accessTokenFormat: 'opaque' as const };
  }

  /** Tokens have our form, and client secrets are compared by their digests. */
  private replaceUndocumented(provider: Provider): void {
    for (const [kind, prefix] of Object.entries(OAUTH_PREFIXES)) {
      const { prototype } = provider[kind as keyof typeof OAUTH_PREFIXES];
      Object.assign(prototype, {
        generateTokenId(this: { format?: string }) {
          this.format = 'opaque';
          return prefix + randomBytes(32).toString('base64url');
        },
      });
    }
    const { salt } = this.config.apiKeys;
    Object.assign(provider.Client.prototype, {
      compareClientSecret(this: { clientSecret: string }, secret: string) {
        return timingSafeEqual(Buffer.from(this.clientSecret, 'hex'), secretDigest(salt, secret));
      },
    });
  }

  /** Undefined if the grant gives nothing at present, which is `invalid_grant`. */
  private async findAccount(accountId: string, grantId: string | undefined) {
    const person = grantId === undefined ? null : await this.store.grants.findPerson(grantId);
    if (person?.id !== accountId) return undefined;
    return { accountId, claims: () => claimsOf(person), workspaceId: person.workspaceId };
  }
}

/** Of a metadata document: with a name, and addresses that an application could register. */
type Described = {
  readonly clientName?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
};
const isUsable = ({ clientName, redirectUris = [] }: Described): boolean =>
  Boolean(clientName) && redirectUris.length > 0 && redirectUris.every((each) => redirectFlaw(each) === null);

function unlessKnown(error: unknown): undefined {
  if (!(error instanceof errors.OIDCProviderError) || error.statusCode >= 500) throw error;
}
