import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from 'oidc-provider';
import { AuditTrail } from '../../audit/index.js';
import { ClientsRepository } from '../clients/clients.repository.js';
import { ArtifactsRepository } from '../core/artifacts.repository.js';
import { type EndedGrant, GrantsRepository } from '../core/grants.repository.js';
import { toMetadata } from './library.mapper.js';
import type { Stored } from './library-adapter.js';

/** What the library reads and writes, in the open transaction. */
@Injectable()
export class LibraryStore implements Stored {
  constructor(
    readonly artifacts: ArtifactsRepository,
    readonly grants: GrantsRepository,
    readonly clients: ClientsRepository,
    private readonly audit: AuditTrail,
  ) {}

  async findClient(clientId: string): Promise<ClientMetadata | null> {
    const client = await this.clients.find(clientId);
    return client && toMetadata(client);
  }

  onReplay(ended: readonly EndedGrant[]): Promise<void> {
    return this.audit.recordAll(
      ended.map(({ id, orgId, userId, clientId }) => ({
        actor: { userId: null, orgId, request: null },
        operation: 'revoke_oauth_grant',
        resourceIds: [id],
        scope: { resourceOwnerId: userId, details: { client_id: clientId, reason: 'used_again' } },
      })),
    );
  }
}
