import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { newApiKey, secretDigest, shortKey } from '../../../../common/secrets/credential-formats.js';
import { Config } from '../../../../config/config.js';
import { newId } from '../../../../database/statements/new-id.js';
import { AuditTrail } from '../../../audit/index.js';
import { type CreatedCredentials, toEndedDetails } from '../../../members/index.js';
import { type Org, OrgsRepository, PatCreationDisabledByOrg } from '../../../orgs/index.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';
import { CallerKeys, type Terms } from './caller-keys.js';
import type { ApiKey } from './entities.js';
import { ApiKeyNotFound, CredentialHasEnded } from './errors.js';
import { type NamedKey, NamedKeys } from './named-keys.js';

/** `secret`: returned to the creator of the key, once. */
export type NewKey = NamedKey & { secret: string };
/** `created`: what was created with the key and has ended; null if it stays. */
export type EndedKey = NamedKey & { created: CreatedCredentials | null };

/** `expiresAt` is the requested expiry; the organization's limits apply. */
export type ApiKeyInput = Omit<ScopedKey, GeneratedField> & { expiresAt: Date | null };
type GeneratedField = 'id' | 'orgId' | 'digest' | 'shortKey' | keyof Terms | keyof typeof NEW;

export type KeyCreation = 'create_personal_access_token' | 'create_service_key' | 'create_api_key';
type KeyRotation = 'rotate_personal_access_token' | 'rotate_service_key';
export type KeyDeletion = 'delete_personal_access_token' | 'delete_service_key' | 'delete_api_key';

/** What all keys have in common. Callers hold the roster lock and have checked who may do it. */
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

  /** @throws KeyCreationByKeysDisabled, InvalidExpiry, PatCreationDisabledByOrg or InvalidCredential */
  async issue(principal: OrgPrincipal, operation: KeyCreation, input: ApiKeyInput): Promise<NewKey> {
    const { orgId } = principal;
    const { kind } = input;
    const org = await this.orgs.get(orgId);
    if (kind === 'pat' && org.patCreationDisabled) throw new PatCreationDisabledByOrg();
    const terms = await this.callerKeys.termsFor(principal, input, limitsOf(org, kind));
    const secret = newApiKey(kind);
    const key: ScopedKey = {
      ...input,
      ...storedFormOf(secret, this.config.apiKeys.salt),
      ...terms,
      id: newId(),
      orgId,
      ...NEW,
    };
    await this.keys.insert(key);
    await this.audit.record(principal, operation, [key.id]);
    return { ...(await this.names.withName(key)), secret };
  }

  async update(principal: OrgPrincipal, key: ScopedKey): Promise<NamedKey> {
    await this.keys.update(key);
    await this.audit.record(principal, 'update_service_key', [key.id]);
    return this.names.withName(key);
  }

  /**
   * All else stays, and so does what was created with the key (docs/contract/keys.md#rotating-keys-and-tokens).
   *
   * @param rightsEndAt when the rights end of who learns the secret; null: never
   * @throws CredentialHasEnded
   */
  async rotate(
    principal: OrgPrincipal,
    operation: KeyRotation,
    key: ApiKey | ScopedKey,
    { overlapHours, rightsEndAt }: { overlapHours: number; rightsEndAt: Date | null },
  ): Promise<NewKey> {
    const secret = newApiKey(key.kind);
    const stored = storedFormOf(secret, this.config.apiKeys.salt);
    const rotated = await this.keys.rotate(key, { ...stored, rightsEndAt }, overlapHours);
    if (!rotated) throw new CredentialHasEnded();
    await this.audit.record(principal, operation, [key.id], { details: { overlap_hours: overlapHours } });
    return { ...(await this.names.withName(rotated)), secret };
  }

  /** Returns the key as it was. @param created what was created with it and has ended; null if it stays */
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

  async deleteServiceKeys(principal: OrgPrincipal, keys: readonly { readonly id: string }[]): Promise<void> {
    if (keys.length === 0) return;
    const ids = keys.map(({ id }) => id);
    await this.keys.removeServiceKeys(principal.orgId, ids);
    await this.audit.recordAll(
      ids.map((id) => ({ actor: principal, operation: 'delete_service_key', resourceIds: [id] })),
    );
  }
}

/** The sign-in of a token is that of the credential with which it is created: the repository stores it. */
const NEW = {
  signInMethod: null,
  acr: null,
  amr: null,
  authenticatedAt: null,
  revokedAt: null,
  lastUsedAt: null,
  previousDigest: null,
  previousEndsAt: null,
};

const limitsOf = (org: Org, kind: ApiKey['kind']) => [
  org.maxApiKeyExpiryDays,
  kind === 'pat' ? org.maxPatExpiryDays : org.maxServiceKeyExpiryDays,
];

export const storedFormOf = (secret: string, salt: string): Pick<ApiKey, 'digest' | 'shortKey'> => ({
  digest: secretDigest(salt, secret),
  shortKey: shortKey(secret),
});
