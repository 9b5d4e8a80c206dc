import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { OauthClient, OauthGrant } from '../core/entities.js';

type Optional = 'clientUri' | 'logoUri' | 'policyUri' | 'tosUri';
export type NewClient = Partial<Pick<OauthClient, Optional>> &
  Omit<OauthClient, Optional | 'createdAt' | 'updatedAt' | 'isDisabled'>;

/** Those that registered themselves and have no grant. */
const UNUSED = sweep('oauth_clients', {
  key: 'id',
  time: 'created_at',
  daysLater: 30,
  where:
    'org_id is null and not exists (select from oauth_grants g where g.registered_client_id = oauth_clients.id)',
});

@Injectable()
export class ClientsRepository {
  constructor(
    private readonly transaction: Transaction,
    removals: RemovalJob,
  ) {
    removals.addSweep('unused applications', UNUSED);
  }

  private get clients() {
    return this.transaction.manager.getRepository(OauthClient);
  }

  /** For protocols. Null if it is unknown or disabled. */
  find(clientId: string): Promise<OauthClient | null> {
    return this.clients.findOneBy({ clientId, isDisabled: false });
  }

  /** Oldest first. */
  list(orgId: string): Promise<OauthClient[]> {
    return this.clients.find({ where: { orgId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  get(orgId: string, id: string): Promise<OauthClient | null> {
    return this.clients.findOneBy({ orgId, id });
  }

  async insert(client: NewClient): Promise<OauthClient> {
    await this.clients.insert(client);
    return this.clients.findOneByOrFail({ id: client.id });
  }

  async update(orgId: string, id: string, changes: Partial<OauthClient>): Promise<void> {
    await this.clients.update({ orgId, id }, { ...changes, updatedAt: () => 'now()' });
  }

  async delete(orgId: string, id: string): Promise<void> {
    await this.clients.delete({ orgId, id });
  }

  /** The grants that people have given to it. */
  async grantIds(registeredClientId: string): Promise<string[]> {
    const grants = await this.transaction.manager.find(OauthGrant, {
      where: { registeredClientId },
      select: { id: true },
    });
    return grants.map(({ id }) => id);
  }
}
