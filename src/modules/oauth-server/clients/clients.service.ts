import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { networkOf } from '../../../common/http/network-addresses.js';
import { newClientId, newClientSecret, secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import type { OauthClient } from '../core/entities.js';
import { EndGrants } from '../core/end-grants.js';
import { ClientsRepository, type NewClient } from './clients.repository.js';
import { OauthClientIsPublic, OauthClientLimitReached, OauthClientNotFound } from './errors.js';

export type ClientContent = Omit<NewClient, 'id' | 'clientId' | 'orgId' | 'secretDigest'>;
/** Undefined: unchanged. */
export type ClientChanges = {
  readonly [Name in 'isDisabled' | keyof ClientContent]?: OauthClient[Name] | undefined;
};

/** `secret` can be read only now; null: a public client. */
export type ClientWithSecret = { readonly client: OauthClient; readonly secret: string | null };

/** Null: without a name, people see the id (RFC 7591, section 2). */
export type Registration = Omit<ClientContent, 'clientName'> & { readonly clientName: string | null };

/** The list is not paged. */
const MOST_CLIENTS = 100;
const REGISTRATIONS_PER_HOUR = 20;

/** The applications of organizations, and those that register themselves (docs/contract/oauth.md#clients). */
@Injectable()
export class ClientsService {
  constructor(
    private readonly clients: ClientsRepository,
    private readonly endGrants: EndGrants,
    private readonly limiter: RateLimiter,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  list(orgId: string): Promise<OauthClient[]> {
    return this.clients.list(orgId);
  }

  /** @throws OauthClientNotFound */
  async get(orgId: string, id: string): Promise<OauthClient> {
    const client = await this.clients.get(orgId, id);
    if (!client) throw new OauthClientNotFound();
    return client;
  }

  /** @throws OauthClientLimitReached */
  create(principal: OrgPrincipal, content: ClientContent, isPublic: boolean): Promise<ClientWithSecret> {
    const { orgId } = principal;
    const { secret, digest } = isPublic ? { secret: null, digest: null } : this.newSecret();
    const row = { ...content, id: newId(), clientId: newClientId('oc_'), orgId, secretDigest: digest };
    return this.transaction.as(principal, async () => {
      if ((await this.clients.list(orgId)).length >= MOST_CLIENTS) throw new OauthClientLimitReached();
      const client = await this.clients.insert(row);
      await this.audit.record(principal, 'create_oauth_client', [row.id]);
      return { client, secret };
    });
  }

  /** Disabling it ends its grants. @throws OauthClientNotFound */
  update(principal: OrgPrincipal, id: string, changes: ClientChanges): Promise<OauthClient> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const { isDisabled: wasDisabled, ...client } = await this.get(orgId, id);
      const { isDisabled = wasDisabled, ...content } = changes;
      const changed = Object.entries(content)
        .filter(
          ([name, value]) =>
            value !== undefined && !isDeepStrictEqual(value, client[name as keyof typeof client]),
        )
        .map(([name]) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
      const isSwitched = isDisabled !== wasDisabled;
      if (changed.length === 0 && !isSwitched) return this.get(orgId, id);
      await this.clients.update(orgId, id, changes);
      const details = {
        ...(changed.length > 0 && { changed }),
        ...(isSwitched && { is_disabled: isDisabled }),
      };
      await this.audit.record(principal, 'update_oauth_client', [id], { details });
      if (isSwitched && isDisabled) await this.endGrantsOf(principal, id);
      return this.get(orgId, id);
    });
  }

  /** Ends its grants. @throws OauthClientNotFound */
  remove(principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      await this.get(principal.orgId, id);
      await this.endGrantsOf(principal, id);
      await this.clients.delete(principal.orgId, id);
      await this.audit.record(principal, 'delete_oauth_client', [id]);
    });
  }

  /** The old secret ends at once. @throws OauthClientNotFound or OauthClientIsPublic */
  rotateSecret(principal: OrgPrincipal, id: string): Promise<ClientWithSecret> {
    const { orgId } = principal;
    const { secret, digest } = this.newSecret();
    return this.transaction.as(principal, async () => {
      if ((await this.get(orgId, id)).secretDigest === null) throw new OauthClientIsPublic();
      await this.clients.update(orgId, id, { secretDigest: digest });
      await this.audit.record(principal, 'rotate_oauth_client_secret', [id]);
      return { client: await this.get(orgId, id), secret };
    });
  }

  /** A public client, which belongs to no organization (RFC 7591). @throws TooManyRequests */
  async register(registration: Registration, clientHost: string | null): Promise<OauthClient> {
    await this.limiter.hit('registrations from', networkOf(clientHost), REGISTRATIONS_PER_HOUR, 60);
    const clientId = newClientId('dcr_');
    const names = { id: newId(), clientId, clientName: registration.clientName ?? clientId };
    return this.clients.insert({ ...registration, ...names, orgId: null, secretDigest: null });
  }

  private newSecret() {
    const secret = newClientSecret();
    return { secret, digest: secretDigest(this.config.apiKeys.salt, secret) };
  }

  /** All are in the organization of the client, whose lock their approval needs, too. */
  private async endGrantsOf(principal: OrgPrincipal, id: string): Promise<void> {
    await this.endGrants.run(await this.clients.grantIds(id), () => ({ actor: principal }));
  }
}
