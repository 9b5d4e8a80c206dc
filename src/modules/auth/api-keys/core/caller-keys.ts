import { Injectable } from '@nestjs/common';
import { InvalidCredential } from '../../../../common/access/access.errors.js';
import type { OrgPrincipal, Principal } from '../../../../common/access/principal.js';
import { DatabaseClock } from '../../../../database/transactions/database-clock.js';
import { type Org, OrgsRepository } from '../../../orgs/index.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { CallerRoles } from './caller-roles.read-model.js';
import type { ApiKey } from './entities.js';
import { KeyCreationByKeysDisabled, SecretReplaced } from './errors.js';
import { type ExpiryLimits, keyExpiry } from './key-expiry.js';

/** Who creates a credential, and with which one. */
export type CredentialOrigin = Pick<
  ApiKey,
  'createdByUserId' | 'createdWithKind' | 'createdWithId' | 'creatorKeyId'
>;

/** `expiresAt`: what is created with it expires no later; null: no limit. */
type HeldCredential = { readonly origin: CredentialOrigin; readonly expiresAt: Date | null };

export type Terms = CredentialOrigin & Pick<ApiKey, 'parentKeyId' | 'createdAt' | 'expiresAt'>;

type RequestedTerms = {
  readonly kind: ApiKey['kind'];
  readonly workspaceIds: readonly string[];
  readonly requested: Date | null;
  readonly days: ExpiryLimits['days'];
};

/** The credential of a request that creates another one (docs/contract/keys.md#who-created-a-key). */
@Injectable()
export class CallerKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly roles: CallerRoles,
    private readonly orgs: OrgsRepository,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Locks a key until the transaction ends, so that its expiry cannot be shortened in between
   * (docs/contract/keys.md#expiry-limits). A user's roles limit what they create, too, as they do for keys of the workspaces.
   *
   * @throws KeyCreationByKeysDisabled or SecretReplaced, or InvalidCredential if the key expired or was deleted after authentication
   */
  async hold(principal: OrgPrincipal, workspaceIds: readonly string[] = []): Promise<HeldCredential> {
    const held = await this.holdForTokens(principal);
    const endOfRoles = await this.endOfRoles(principal, workspaceIds);
    return { ...held, expiresAt: earlier(held.expiresAt, endOfRoles) };
  }

  /** When the caller's roles in these workspaces end, or the service key of the request; null: never. */
  async endOfRights(principal: OrgPrincipal, workspaceIds: readonly string[]): Promise<Date | null> {
    if (principal.userId !== null) return this.endOfRoles(principal, workspaceIds);
    return (await this.holdCredential(principal)).expiresAt;
  }

  private async endOfRoles({ orgId, userId }: OrgPrincipal, workspaceIds: readonly string[]) {
    return userId === null ? null : this.roles.firstEnd(orgId, userId, workspaceIds);
  }

  /** `hold` for a personal access token, which has the current roles of its owner. */
  async holdForTokens(principal: OrgPrincipal): Promise<HeldCredential> {
    const { orgId, credential } = principal;
    if (credential.kind !== 'session') assertMayCreateKeys(principal, await this.orgs.get(orgId));
    return this.holdCredential(principal);
  }

  /**
   * Who creates what is no credential and outlives the caller's one, such as a webhook; holds the key as `hold` does.
   *
   * @throws SecretReplaced or InvalidCredential
   */
  async originOf(principal: OrgPrincipal): Promise<CredentialOrigin> {
    if (principal.usesReplacedSecret()) throw new SecretReplaced();
    return (await this.holdCredential(principal)).origin;
  }

  private async holdCredential(principal: OrgPrincipal): Promise<HeldCredential> {
    const { orgId, userId, credential } = principal;
    const { kind, id } = credential;
    if (kind === 'session') {
      const origin = {
        createdByUserId: userId,
        createdWithKind: kind,
        createdWithId: id,
        creatorKeyId: null,
      };
      return { origin, expiresAt: null };
    }
    const key = await this.keys.holdValid(orgId, id);
    if (!key || kind === 'scim-token') throw new InvalidCredential();
    const createdByUserId = userId ?? key.createdByUserId;
    const origin = { createdByUserId, createdWithKind: kind, createdWithId: id, creatorKeyId: id };
    return { origin, expiresAt: key.expiresAt };
  }

  /**
   * Who creates a new key, and until when it is valid, by the database's clock. Runs in the transaction that inserts the
   * key. `requested` null: the latest expiry that is allowed.
   *
   * @throws KeyCreationByKeysDisabled, SecretReplaced, InvalidExpiry or InvalidCredential
   */
  async termsFor(
    principal: OrgPrincipal,
    { kind, workspaceIds, requested, days }: RequestedTerms,
  ): Promise<Terms> {
    const held = kind === 'pat' ? this.holdForTokens(principal) : this.hold(principal, workspaceIds);
    const { origin, expiresAt: callerKey } = await held;
    const createdAt = await this.clock.now();
    return {
      ...origin,
      parentKeyId: kind === 'pat' ? origin.creatorKeyId : null,
      createdAt,
      expiresAt: keyExpiry(requested, { days, callerKey }, createdAt),
    };
  }
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b));

/**
 * For keys, tokens and SCIM tokens (docs/contract/keys.md#keys-made-with-keys).
 *
 * @throws KeyCreationByKeysDisabled or SecretReplaced
 */
export function assertMayCreateKeys(
  { credential, usesReplacedSecret }: Pick<Principal, 'credential' | 'usesReplacedSecret'>,
  { apiKeyCreationFromApiKeysEnabled }: Pick<Org, 'apiKeyCreationFromApiKeysEnabled'>,
): void {
  if (credential.kind !== 'session' && !apiKeyCreationFromApiKeysEnabled)
    throw new KeyCreationByKeysDisabled();
  if (usesReplacedSecret()) throw new SecretReplaced();
}
