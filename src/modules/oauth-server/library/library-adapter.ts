import type { Adapter, AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import { required } from '../../../common/collections.js';
import type { ArtifactsRepository, FoundArtifact } from '../core/artifacts.repository.js';
import type { ArtifactKind } from '../core/entities.js';
import type { GrantsRepository } from '../core/grants.repository.js';

/** What the library keeps in the database. */
export type Stored = {
  readonly artifacts: ArtifactsRepository;
  readonly grants: GrantsRepository;
  /** The library's metadata of a client; null if it is unknown or disabled. */
  readonly findClient: (clientId: string) => Promise<AdapterPayload | null>;
  /** Ends the grant of a code or refresh token that is used again. */
  readonly endReplayed: (grantId: string) => Promise<void>;
};

const ARTIFACTS: ReadonlySet<string> = new Set<ArtifactKind>([
  'AuthorizationCode',
  'DeviceCode',
  'RefreshToken',
  'AccessToken',
]);

/** The adapter of a model of the library (its documentation, `adapter`). Other models than these are not used. */
export function adapterOf(model: string, stored: Stored, resource: string): Adapter {
  if (ARTIFACTS.has(model)) return new ArtifactAdapter(model as ArtifactKind, stored);
  if (model === 'Grant') return new GrantAdapter(stored, resource);
  if (model === 'Client') return new ClientAdapter(stored);
  return new UnusedAdapter();
}

/** The library compares the end with the clock of this process, and the database with its own. */
const endAfter = (seconds: number) => Math.floor(Date.now() / 1000) + Math.ceil(seconds);

class UnusedAdapter implements Adapter {
  upsert(_id: string, _payload: AdapterPayload, _seconds?: number): Promise<void> {
    return this.refuse();
  }
  find(_id: string): Promise<AdapterPayload | undefined> {
    return this.refuse();
  }
  findByUserCode(_userCode: string): Promise<AdapterPayload | undefined> {
    return this.refuse();
  }
  findByUid(_uid: string): Promise<AdapterPayload | undefined> {
    return this.refuse();
  }
  consume(_id: string): Promise<void> {
    return this.refuse();
  }
  destroy(_id: string): Promise<void> {
    return this.refuse();
  }
  revokeByGrantId(_grantId: string): Promise<void> {
    return this.refuse();
  }

  private refuse(): Promise<never> {
    return Promise.reject(new Error('the library uses a model that is not stored'));
  }
}

class ArtifactAdapter extends UnusedAdapter {
  constructor(
    private readonly kind: ArtifactKind,
    private readonly stored: Stored,
  ) {
    super();
  }

  /** The code or token and the user code are stored as digests, and the grant as a reference. */
  override async upsert(id: string, payload: AdapterPayload, seconds?: number): Promise<void> {
    const { jti: _, userCode = null, grantId = null, clientId, exp: __, kind: ___, ...content } = payload;
    const isStored = await this.stored.artifacts.insert(this.kind, id, {
      clientId: required(clientId, 'the client of a code or token'),
      grantId,
      userCode,
      content,
      seconds: required(seconds, 'the lifetime of a code or token'),
    });
    if (!isStored) throw new errors.InvalidGrant('grant not found');
  }

  /** A refresh token that was used just now is unknown, so that a lost answer or a second process does not end the grant. */
  override async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.stored.artifacts.find(this.kind, id);
    if (!found || (this.kind === 'RefreshToken' && found.wasJustConsumed)) return undefined;
    return toPayload(this.kind, id, found);
  }

  override async consume(id: string): Promise<void> {
    if (!(await this.stored.artifacts.consume(this.kind, id))) throw new errors.InvalidGrant('already used');
  }

  override destroy(id: string): Promise<void> {
    return this.stored.artifacts.remove(this.kind, id);
  }

  /** The rows go with the grant. */
  override revokeByGrantId(): Promise<void> {
    return Promise.resolve();
  }
}

const toPayload = (kind: ArtifactKind, jti: string, found: FoundArtifact): AdapterPayload => ({
  ...(found.content as AdapterPayload),
  kind,
  jti,
  clientId: found.clientId,
  grantId: found.grantId ?? undefined,
  exp: endAfter(found.secondsLeft),
  ...(found.isConsumed ? { consumed: true } : {}),
});

class GrantAdapter extends UnusedAdapter {
  constructor(
    private readonly stored: Stored,
    private readonly resource: string,
  ) {
    super();
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.stored.grants.find(id);
    if (!found) return undefined;
    const scope = found.scopes.join(' ');
    return {
      kind: 'Grant',
      jti: found.id,
      accountId: found.userId,
      clientId: found.clientId,
      openid: { scope },
      resources: { [this.resource]: scope },
      exp: endAfter(found.secondsLeft),
    };
  }

  /** The library does so only when a code or refresh token is used again. */
  override destroy(id: string): Promise<void> {
    return this.stored.endReplayed(id);
  }
}

class ClientAdapter extends UnusedAdapter {
  constructor(private readonly stored: Stored) {
    super();
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    return (await this.stored.findClient(id)) ?? undefined;
  }
}
