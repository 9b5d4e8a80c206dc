import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../../common/event-bus.js';
import { AuditTrail } from '../../../audit/index.js';
import { TokenRevocationRequested } from '../../../members/index.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';

/** Revokes all personal access tokens of a user who asked for it while setting a password. */
@Injectable()
export class RevokeTokensOfUser implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(TokenRevocationRequested, (event) => this.run(event));
  }

  private async run({ userId, request }: TokenRevocationRequested): Promise<void> {
    const revoked = await this.keys.revokeTokensOf(userId);
    if (revoked.length === 0) return;
    await this.audit.recordAll(
      revoked.map(({ id, orgId }) => ({
        actor: { userId, orgId, request },
        operation: 'revoke_personal_access_token',
        resourceIds: [id],
      })),
    );
  }
}
