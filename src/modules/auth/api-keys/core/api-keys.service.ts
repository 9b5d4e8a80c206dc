import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { newApiKey, secretDigest, shortKey } from '../../../../common/secrets/credential-formats.js';
import { Config } from '../../../../config/config.js';
import { newId } from '../../../../database/statements/new-id.js';
import { AuditTrail } from '../../../audit/index.js';
import { type CreatedCredentials, toEndedDetails } from '../../../members/index.js';
import { type Org, OrgsRepository } from '../../../orgs/index.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';
import { CallerKeys, type Terms } from './caller-keys.js';
import type { ApiKey } from './entities.js';
import { ApiKeyNotFound, PatCreationDisabledByOrg } from './errors.js';
import { type NamedKey, NamedKeys } from './named-keys.js';

/** `secret`: returned to the creator of the key, once. */
export type NewKey = NamedKey & { secret: string };
/** `created`: what was created with the key and has ended; null if it stays. */
export type EndedKey = NamedKey & { created: CreatedCredentials | null };

/** `expiresAt` is the requested expiry; the organization's limits apply. */
export type ApiKeyInput = Omit<ScopedKey, GeneratedField> & { expiresAt: Date | null };
type SignInOfToken = Pick<ApiKey, 'signInMethod' | 'acr' | 'amr' | 'authenticatedAt'>;
type GeneratedField =
  | 'id'
  | 'orgId'
  | 'digest'
  | 'shortKey'
  | keyof Terms
  | keyof SignInOfToken
  | 'revokedAt'
  | 'lastUsedAt'
  | 'previousDigest'
  | 'previousEndsAt';

export type KeyCreation = 'create_personal_access_token' | 'create_service_key' | 'create_api_key';
export type KeyDeletion = 'delete_personal_access_token' | 'delete_service_key' | 'delete_api_key';

/**
 * The common part of all keys, including the organization's key settings. Authorization is the job of the two services
 * on top of this one, which hold the roster lock.
 */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly callerKeys: CallerKeys,
    private readonly names: NamedKeys,
    private readonly orgs: OrgsRepository,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /**
   * Runs in the transaction of the caller.
   *
   * @throws KeyCreationByKeysDisabled, InvalidExpiry, PatCreationDisabledByOrg or InvalidCredential
   */
  async issue(principal: OrgPrincipal, operation: KeyCreation, input: ApiKeyInput): Promise<NewKey> {
    const { orgId } = principal;
    const { kind, expiresAt: requested } = input;
    const org = await this.orgs.get(orgId);
    if (kind === 'pat' && org.patCreationDisabled) throw new PatCreationDisabledByOrg();
    const terms = await this.callerKeys.termsFor(principal, {
      kind,
      reach: input,
      requested,
      days: limitsOf(org, kind),
    });
    const secret = newApiKey(kind);
    const key: ScopedKey = {
      ...input,
      ...storedFormOf(secret, this.config.apiKeys.salt),
      ...terms,
      id: newId(),
      orgId,
      ...UNKNOWN_SIGN_IN,
      revokedAt: null,
      lastUsedAt: null,
      previousDigest: null,
      previousEndsAt: null,
    };
    await this.keys.insert(key);
    await this.audit.record(principal, operation, [key.id]);
    return { ...(await this.names.withName(key)), secret };
  }

  /**
   * Returns the key as it was. Takes effect on every replica with the next request.
   *
   * @param created what was created with the key and has ended; null if it stays
   */
  async revoke(
    principal: OrgPrincipal,
    operation: KeyDeletion,
    key: ApiKey,
    created: CreatedCredentials | null,
  ): Promise<EndedKey> {
    const named = await this.names.withName(key);
    const ids = await this.keys.listFamily(principal.orgId, key.id);
    if (!(await this.keys.remove(principal.orgId, key.id))) throw new ApiKeyNotFound();
    const details = created ? toEndedDetails(created) : {};
    await this.audit.record(principal, operation, ids, { details, resourceOwnerId: key.userId });
    return { ...named, created };
  }
}

/** A token gets that of the credential with which it is created. */
const UNKNOWN_SIGN_IN: SignInOfToken = {
  signInMethod: null,
  acr: null,
  amr: null,
  authenticatedAt: null,
};

const limitsOf = (org: Org, kind: ApiKey['kind']) => [
  org.maxApiKeyExpiryDays,
  kind === 'pat' ? org.maxPatExpiryDays : org.maxServiceKeyExpiryDays,
];

/** What is stored of a key with this secret. */
export const storedFormOf = (secret: string, salt: string): Pick<ApiKey, 'digest' | 'shortKey'> => ({
  digest: secretDigest(salt, secret),
  shortKey: shortKey(secret),
});
