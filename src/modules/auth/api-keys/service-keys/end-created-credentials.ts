import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { EventBus } from '../../../../common/event-bus.js';
import { AuditTrail } from '../../../audit/index.js';
import {
  type CreatedCredential,
  type CreatedCredentials,
  CreatedCredentialsRequested,
  type CreatedReceiver,
  type Ending,
  MayNotRevokeMemberTokens,
  TokenRevocationRequested,
} from '../../../members/index.js';
import { mayGrantOrgAdmin } from '../../../roles/index.js';
import { ApiKeysRepository, type CreatedKey, type Creator } from '../core/api-keys.repository.js';
import { ApiKeysService } from '../core/api-keys.service.js';
import { ServiceKeyRights } from './service-key-rights.js';

/**
 * Lists what a user created, or what was created with a key, and ends it on request, in the transaction of the change
 * (docs/contract/keys.md#ending-what-was-created). Uses a fixed number of statements.
 */
@Injectable()
export class EndCreatedCredentials implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly rights: ServiceKeyRights,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedCredentialsRequested, async (requested) => {
      const creator = { userId: requested.userId, keyId: null };
      requested.created = await this.run(requested.principal, creator, requested.ending);
    });
    this.events.on(TokenRevocationRequested, (requested) => this.revokeTokensOfUser(requested));
  }

  /** Null unless it is asked for. Tokens end with the token with which they were created in any case. @throws as `run` */
  async endOf(
    principal: OrgPrincipal,
    keyId: string,
    revokeCreated: boolean,
  ): Promise<CreatedCredentials | null> {
    return revokeCreated ? this.run(principal, { userId: null, keyId }, { keys: true, tokens: false }) : null;
  }

  /**
   * Ends all or nothing. The caller records what has ended in the entry of its own change.
   *
   * @throws OnlyAdminsManageOrgWideKeys, RoleNotGrantable, PermissionMissing, MayNotRevokeMemberTokens, or
   *   OnlyAdminsManageScimTokens, OnlyAdminsManageWebhooks or OnlyAdminsManageLogStreams
   */
  private async run(principal: OrgPrincipal, creator: Creator, ending: Ending): Promise<CreatedCredentials> {
    const keys = await this.keys.listCreatedBy(principal.orgId, creator);
    const serviceKeys = keys.filter(({ kind }) => kind === 'service');
    const personalAccessTokens = keys.filter(({ kind }) => kind === 'pat');
    if (ending.keys) await this.rights.assertMayDelete(principal, serviceKeys);
    if (ending.tokens) assertMayRevoke(principal, personalAccessTokens);
    const keyIds = [creator.keyId, ...keys.map(({ id }) => id)].filter((id) => id !== null);
    const createdBy = { userId: creator.userId, keyIds };
    const scim = new CreatedScimTokensRequested(principal, createdBy, ending.keys);
    const receivers = new CreatedReceiversRequested(principal, createdBy, ending.keys);
    for (const requested of [scim, receivers]) await this.events.publish(requested);
    if (ending.keys) await this.apiKeys.deleteServiceKeys(principal, serviceKeys);
    if (ending.tokens) await this.revokeTokens(principal, personalAccessTokens);
    const { webhooks, logStreams } = receivers;
    return { serviceKeys, personalAccessTokens, scimTokens: scim.tokens, webhooks, logStreams };
  }

  private async revokeTokens(principal: OrgPrincipal, tokens: readonly CreatedKey[]): Promise<void> {
    if (tokens.length === 0) return;
    const ids = tokens.map(({ id }) => id);
    const revoked = await this.keys.revokeTokens(principal.orgId, ids);
    await this.audit.recordAll(
      revoked.map(({ id, userId: resourceOwnerId }) => ({
        actor: principal,
        operation: 'revoke_personal_access_token',
        resourceIds: [id],
        scope: { resourceOwnerId },
      })),
    );
  }

  private async revokeTokensOfUser({ userId, request }: TokenRevocationRequested): Promise<void> {
    const revoked = await this.keys.revokeTokensOf(userId);
    await this.audit.recordAll(
      revoked.map(({ id, orgId }) => ({
        actor: { userId, orgId, request },
        operation: 'revoke_personal_access_token',
        resourceIds: [id],
      })),
    );
  }
}

/** @throws MayNotRevokeMemberTokens (docs/contract/keys.md#revoking-tokens) */
function assertMayRevoke(principal: OrgPrincipal, tokens: readonly CreatedKey[]): void {
  const areOwn = tokens.every(({ userId }) => userId === principal.userId);
  if (!areOwn && !mayGrantOrgAdmin(principal)) throw new MayNotRevokeMemberTokens();
}

/** Published inside the transaction. Other modules set what a user created or what was created with one of these keys, and delete it if requested. */
abstract class CreatedRequested {
  constructor(
    readonly principal: OrgPrincipal,
    readonly creator: { readonly userId: string | null; readonly keyIds: readonly string[] },
    readonly isDeleting: boolean,
  ) {}
}

export class CreatedScimTokensRequested extends CreatedRequested {
  tokens: readonly CreatedCredential[] = [];
}

/** What sends requests to addresses of the organization. */
export class CreatedReceiversRequested extends CreatedRequested {
  webhooks: readonly CreatedReceiver[] = [];
  logStreams: readonly CreatedReceiver[] = [];
}
