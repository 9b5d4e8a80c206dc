import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { EventBus } from '../../../../common/events/event-bus.js';
import { AuditTrail } from '../../../audit/index.js';
import { CreatedServiceKeysAsked } from '../../../members/index.js';
import type { ApiKey } from '../core/api-key.entity.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { ServiceKeyDeletion } from './service-key-deletion.js';

/**
 * Service keys outlive the membership of their creator, who may have copied them: removing a member lists these keys
 * and, on request, revokes them in the same transaction. Uses a fixed number of statements.
 */
@Injectable()
export class ReportCreatedKeys implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly keys: ApiKeysRepository,
    private readonly deletion: ServiceKeyDeletion,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedServiceKeysAsked, async (asked) => {
      const keys = await this.keys.listServiceKeysMadeBy(asked.principal.orgId, asked.userId);
      if (asked.options.revoke && keys.length > 0) await this.revoke(asked.principal, keys);
      asked.add(keys);
    });
  }

  /**
   * Revokes all keys or none.
   *
   * @throws OnlyAdminsManageOrgWideKeys, RoleNotGrantable or PermissionMissing
   */
  private async revoke(principal: OrgPrincipal, keys: readonly ApiKey[]): Promise<void> {
    await this.deletion.assertMayDelete(principal, await this.keys.withScopes(keys));
    const ids = keys.map(({ id }) => id);
    await this.keys.removeAll(principal.orgId, ids);
    await this.audit.recordAll(
      ids.map((id) => ({ actor: principal, operation: 'delete_service_key', resourceIds: [id] })),
    );
  }
}
