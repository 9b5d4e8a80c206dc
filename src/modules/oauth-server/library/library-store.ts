import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from 'oidc-provider';
import { ClientsRepository } from '../clients/clients.repository.js';
import { ArtifactsRepository } from '../core/artifacts.repository.js';
import { EndGrants } from '../core/end-grants.js';
import { GrantsRepository } from '../core/grants.repository.js';
import { toMetadata } from './library.mapper.js';
import type { Stored } from './library-adapter.js';

/** What the library reads and writes, in the open transaction. */
@Injectable()
export class LibraryStore implements Stored {
  constructor(
    readonly artifacts: ArtifactsRepository,
    readonly grants: GrantsRepository,
    readonly clients: ClientsRepository,
    private readonly endGrants: EndGrants,
  ) {}

  async findClient(clientId: string): Promise<ClientMetadata | null> {
    const client = await this.clients.find(clientId);
    return client && toMetadata(client);
  }

  endReplayed(grantId: string): Promise<void> {
    return this.endGrants.run([grantId], ({ orgId, clientId }) => ({
      actor: { userId: null, orgId, request: null },
      details: { client_id: clientId, reason: 'used_again' },
    }));
  }
}
