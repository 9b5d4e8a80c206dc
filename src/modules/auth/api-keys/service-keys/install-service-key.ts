import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { newId } from '../../../../database/statements/new-id.js';
import { AuditTrail, operatorIn } from '../../../audit/index.js';
import { systemRole } from '../../../roles/index.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { storedFormOf } from '../core/api-keys.service.js';

/** No workspaces: the whole organization, with a role there. */
type InstalledKey = Pick<ScopedKey, 'description' | 'workspaceIds' | 'orgRoleId'> & {
  workspaceRoleId: string;
};

/** Stores a service key whose secret the operator has generated, in the open transaction. It does not expire, and belongs to no user. */
@Injectable()
export class InstallServiceKey {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  async run(orgId: string, secret: string, input: InstalledKey): Promise<void> {
    const key = {
      ...input,
      ...storedFormOf(secret, this.config.apiKeys.salt),
      kind: 'service' as const,
      id: newId(),
      orgId,
      isOrgWide: input.workspaceIds.length === 0,
      readOnly: input.workspaceRoleId === systemRole('WORKSPACE_VIEWER').id,
    };
    await this.keys.insert(key);
    await this.audit.record(operatorIn(orgId), 'create_service_key', [key.id]);
  }
}
