import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { chunks, first } from '../../common/collections.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { OutboxJob } from '../notices/index.js';
import { ACCESS_END_MAILS, ACCESS_ENDS } from './access-ends.js';
import { AnnouncementsRepository, type ExpiringCredential } from './announcements.repository.js';
import { CREDENTIAL_EXPIRIES, EXPIRY_MAILS } from './credential-expiries.js';

const MOST_OF_AN_ENTRY = 100;

/**
 * Records which keys and tokens expire soon, and queues mails about them and about memberships that end soon if a mail server
 * is configured. Each server looks for what is due; one of them deals with it.
 */
@Injectable()
export class AnnounceExpiriesJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(AnnounceExpiriesJob.name);
  private readonly task = new PeriodicTask('tell what expires or ends soon', () => this.announce());
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly announcements: AnnouncementsRepository,
    private readonly outbox: OutboxJob,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.outbox.add(EXPIRY_MAILS);
    this.outbox.add(ACCESS_END_MAILS);
    onListening(this.adapter, () => this.task.start(this.config.retention.intervalSeconds * 1000));
  }

  /** Waits for the organization that is dealt with. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
  }

  private async announce(): Promise<void> {
    await this.announceDue(CREDENTIAL_EXPIRIES, EXPIRY_MAILS.name);
    if (this.outbox.isConfigured) await this.announceDue(ACCESS_ENDS, ACCESS_END_MAILS.name);
  }

  /** A failure in one organization is logged, and does not keep the others waiting. */
  private async announceDue(statements: typeof ACCESS_ENDS, mailKind: string): Promise<void> {
    if (this.isStopping) return;
    const options = { withMails: this.outbox.isConfigured };
    for (const due of await this.announcements.findDue(statements, options)) {
      if (this.isStopping) return;
      try {
        await this.transaction.inOrganization(due.orgId, async () => {
          const { mails, expiring } = await this.announcements.claim(statements, due, options);
          await this.outbox.queue(mailKind, mails);
          await this.record(due.orgId, expiring);
        });
      } catch (error) {
        logFailure(this.log, 'could not tell what of an organization expires or ends soon', error);
      }
    }
  }

  private async record(orgId: string, expiring: readonly ExpiringCredential[]): Promise<void> {
    const groups = Map.groupBy(expiring, ({ kind, days }) => `${kind} ${days}`).values();
    const parts = [...groups].flatMap((group) => chunks(group, MOST_OF_AN_ENTRY));
    await this.audit.recordAll(
      parts.map((part) => {
        const { kind, days } = first(part);
        return {
          actor: operatorIn(orgId),
          operation: 'announce_credential_expiry' as const,
          resourceIds: part.map(({ id }) => id),
          scope: { orgId, details: { credential_kind: kind, days } },
        };
      }),
    );
  }
}
