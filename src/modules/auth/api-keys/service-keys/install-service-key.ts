import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { DatabaseClock } from '../../../../database/transactions/database-clock.js';
import { newId } from '../../../../database/statements/new-id.js';
import { AuditTrail, operatorIn } from '../../../audit/index.js';
import { systemRole } from '../../../roles/index.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { storedFormOf } from '../core/api-keys.service.js';

/** No workspaces: the whole organization, with a role there. */
type InstalledKey = {
  readonly description: string;
  readonly workspaceIds: string[];
  readonly workspaceRoleId: string;
  readonly orgRoleId: string | null;
};

/** Stores a service key whose secret the operator has generated. It does not expire, and belongs to no user. */
@Injectable()
export class InstallServiceKey {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** In the open transaction. */
  async run(orgId: string, secret: string, input: InstalledKey): Promise<void> {
    const key: ScopedKey = {
      ...input,
      ...storedFormOf(secret, this.config.apiKeys.salt),
      kind: 'service',
      id: newId(),
      orgId,
      userId: null,
      createdByUserId: null,
      createdWithKind: null,
      createdWithId: null,
      creatorKeyId: null,
      isOrgWide: input.workspaceIds.length === 0,
      defaultWorkspaceId: null,
      readOnly: input.workspaceRoleId === systemRole('WORKSPACE_VIEWER').id,
      createdAt: await this.clock.now(),
      expiresAt: null,
      parentKeyId: null,
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.keys.insert(key);
    await this.audit.record(operatorIn(orgId), 'create_service_key', [key.id]);
  }
}
