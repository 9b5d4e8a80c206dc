import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { hostOf } from '../../common/outbound/address-rules.js';
import { AuditTrail } from '../audit/index.js';
import { CreatedReceiversRequested } from '../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import { OnlyAdminsManageLogStreams } from './errors.js';
import { LogStreamsRepository } from './log-streams.repository.js';

/** Lists the log streams that a user created, directly or with keys, and deletes them if requested. */
@Injectable()
export class EndCreatedLogStreams implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly streams: LogStreamsRepository,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedReceiversRequested, async (requested) => {
      const { orgId } = requested.principal;
      const streams = await this.streams.listCreatedBy(orgId, requested.creator);
      requested.logStreams = streams.map(({ id, url, description }) => {
        return { id, host: hostOf(url), description };
      });
      if (requested.isDeleting) await this.delete(requested);
    });
  }

  /** @throws OnlyAdminsManageLogStreams */
  private async delete({ principal, logStreams }: CreatedReceiversRequested): Promise<void> {
    if (logStreams.length === 0) return;
    if (!mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageLogStreams();
    const ids = logStreams.map(({ id }) => id);
    await this.streams.remove(principal.orgId, ids);
    await this.audit.recordAll(
      ids.map((id) => ({ actor: principal, operation: 'delete_log_stream', resourceIds: [id] })),
    );
  }
}
