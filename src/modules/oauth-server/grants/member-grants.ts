import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/event-bus.js';
import {
  CreatedCredentialsRequested,
  MayNotRevokeMemberTokens,
  TokenRevocationRequested,
} from '../../members/index.js';
import { mayGrantOrgAdmin } from '../../roles/index.js';
import { EndGrants } from '../core/end-grants.js';
import { GrantsRepository, type MemberGrant } from '../core/grants.repository.js';

/** The grants of members: credentials of theirs, which end where their personal access tokens do. */
@Injectable()
export class MemberGrants implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly grants: GrantsRepository,
    private readonly endGrants: EndGrants,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedCredentialsRequested, (requested) => this.endRequested(requested));
    this.events.on(TokenRevocationRequested, (requested) => this.endAllOf(requested));
  }

  /** In no particular order; those that are unknown or have expired are missing. */
  findByIds(orgId: string, ids: readonly string[]): Promise<MemberGrant[]> {
    return this.grants.findInOrg(orgId, { ids, userId: null });
  }

  /** In the open transaction. */
  async endAll(principal: OrgPrincipal, grants: readonly MemberGrant[]): Promise<void> {
    await this.endGrants.run(
      grants.map(({ id }) => id),
      ({ clientId }) => ({ actor: principal, details: { client_id: clientId } }),
    );
  }

  /** @throws MayNotRevokeMemberTokens */
  private async endRequested(requested: CreatedCredentialsRequested): Promise<void> {
    const { principal, userId, ending } = requested;
    const grants = await this.grants.findInOrg(principal.orgId, { ids: null, userId });
    requested.grants = grants.map(({ id, clientId, clientName }) => ({
      id,
      shortKey: clientId,
      description: clientName,
    }));
    if (!ending.tokens || grants.length === 0) return;
    if (userId !== principal.userId && !mayGrantOrgAdmin(principal)) throw new MayNotRevokeMemberTokens();
    await this.endAll(principal, grants);
  }

  private async endAllOf({ userId, request }: TokenRevocationRequested): Promise<void> {
    const grants = await this.grants.listOwn(userId, null);
    await this.endGrants.run(
      grants.map(({ id }) => id),
      ({ orgId, clientId }) => ({ actor: { userId, orgId, request }, details: { client_id: clientId } }),
    );
  }
}
