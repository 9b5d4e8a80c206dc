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
} from '../../../members/index.js';
import { mayGrantOrgAdmin } from '../../../roles/index.js';
import { MayNotRevokeMemberTokens } from '../core/errors.js';
import { type CreatedKey, CreatedKeysRepository, type Creator } from './created-keys.repository.js';
import { ServiceKeyRights } from './service-key-rights.js';

/**
 * What a user created, or what was created with a key, outlives both: this lists it and, on request, ends it in the
 * transaction of the change (docs/contract/keys.md#ending-what-was-created). Uses a fixed number of statements.
 */
@Injectable()
export class EndCreatedCredentials implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly created: CreatedKeysRepository,
    private readonly rights: ServiceKeyRights,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedCredentialsRequested, async (requested) => {
      const creator = { userId: requested.userId, keyId: null };
      requested.created = await this.run(requested.principal, creator, requested.ending);
    });
  }

  /**
   * Deletes service keys and SCIM tokens that were created with a key; null unless that is asked for. Tokens end with the
   * token with which they were created in any case.
   *
   * @throws as `run`
   */
  async endOf(
    principal: OrgPrincipal,
    keyId: string,
    revokeCreated: boolean,
  ): Promise<CreatedCredentials | null> {
    return revokeCreated ? this.run(principal, { userId: null, keyId }, { keys: true, tokens: false }) : null;
  }

  /**
   * Ends all or nothing: the errors roll the transaction back. The caller records what has ended in the entry of its
   * own change.
   *
   * @throws OnlyAdminsManageOrgWideKeys, RoleNotGrantable, PermissionMissing, MayNotRevokeMemberTokens, or
   *   OnlyAdminsManageScimTokens, OnlyAdminsManageWebhooks or OnlyAdminsManageLogStreams
   */
  private async run(principal: OrgPrincipal, creator: Creator, ending: Ending): Promise<CreatedCredentials> {
    const keys = await this.created.list(principal.orgId, creator);
    const serviceKeys = keys.filter(({ kind }) => kind === 'service');
    const personalAccessTokens = keys.filter(({ kind }) => kind === 'pat');
    if (ending.keys) await this.rights.assertMayDelete(principal, serviceKeys);
    if (ending.tokens) assertMayRevoke(principal, personalAccessTokens);
    const others = await this.endOthers(principal, creator, keys, ending);
    if (ending.keys) await this.deleteServiceKeys(principal, serviceKeys);
    if (ending.tokens) await this.revokeTokens(principal, personalAccessTokens);
    return { serviceKeys, personalAccessTokens, ...others };
  }

  /** What other modules own. */
  private async endOthers(
    principal: OrgPrincipal,
    { userId, keyId }: Creator,
    keys: readonly CreatedKey[],
    ending: Ending,
  ): Promise<Pick<CreatedCredentials, 'scimTokens' | 'webhooks' | 'logStreams'>> {
    const keyIds = [keyId, ...keys.map(({ id }) => id)].filter((id) => id !== null);
    const scim = new CreatedScimTokensRequested(principal, { userId, keyIds }, ending.keys);
    await this.events.publish(scim);
    const receivers = new CreatedReceiversRequested(principal, { userId, keyIds }, ending.keys);
    await this.events.publish(receivers);
    return { scimTokens: scim.tokens, webhooks: receivers.webhooks, logStreams: receivers.logStreams };
  }

  private async deleteServiceKeys(principal: OrgPrincipal, keys: readonly CreatedKey[]): Promise<void> {
    if (keys.length === 0) return;
    const ids = keys.map(({ id }) => id);
    await this.created.remove(principal.orgId, ids);
    await this.audit.recordAll(
      ids.map((id) => ({ actor: principal, operation: 'delete_service_key', resourceIds: [id] })),
    );
  }

  private async revokeTokens(principal: OrgPrincipal, tokens: readonly CreatedKey[]): Promise<void> {
    if (tokens.length === 0) return;
    const ids = tokens.map(({ id }) => id);
    const revoked = await this.created.revokeTokens(principal.orgId, ids);
    await this.audit.recordAll(
      revoked.map(({ id, userId: resourceOwnerId }) => ({
        actor: principal,
        operation: 'revoke_personal_access_token',
        resourceIds: [id],
        scope: { resourceOwnerId },
      })),
    );
  }
}

/** @throws MayNotRevokeMemberTokens (docs/contract/keys.md#revoking-tokens) */
function assertMayRevoke(principal: OrgPrincipal, tokens: readonly CreatedKey[]): void {
  const areOwn = tokens.every(({ userId }) => userId === principal.userId);
  if (!areOwn && !mayGrantOrgAdmin(principal)) throw new MayNotRevokeMemberTokens();
}

/**
 * The SCIM module sets `tokens` to those that a user created or that were created with one of these keys, and deletes
 * them if requested. Published inside the transaction.
 */
export class CreatedScimTokensRequested {
  tokens: readonly CreatedCredential[] = [];

  constructor(
    readonly principal: OrgPrincipal,
    readonly creator: { readonly userId: string | null; readonly keyIds: readonly string[] },
    readonly isDeleting: boolean,
  ) {}
}

/** As `CreatedScimTokensRequested`, for the modules that own what sends requests to addresses of the organization. */
export class CreatedReceiversRequested {
  webhooks: readonly CreatedReceiver[] = [];
  logStreams: readonly CreatedReceiver[] = [];

  constructor(
    readonly principal: OrgPrincipal,
    readonly creator: { readonly userId: string | null; readonly keyIds: readonly string[] },
    readonly isDeleting: boolean,
  ) {}
}
