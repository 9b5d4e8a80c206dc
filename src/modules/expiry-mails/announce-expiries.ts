import { Injectable, type OnModuleInit } from '@nestjs/common';
import { chunks, first } from '../../common/collections.js';
import { Config } from '../../config/config.js';
import { PeriodicJob } from '../../database/jobs/periodic.job.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { type MailKind, type MemberMail, OutboxJob } from '../notices/index.js';
import { ACCESS_END_MAILS, ACCESS_ENDS } from './access-ends.js';
import { AnnouncementsRepository, type ExpiringCredential } from './announcements.repository.js';
import { CREDENTIAL_EXPIRIES, EXPIRY_MAILS } from './credential-expiries.js';

const MOST_OF_AN_ENTRY = 100;

/** Records which keys and tokens expire soon, and queues mails about them and about ends of memberships. */
@Injectable()
export class AnnounceExpiries implements OnModuleInit {
  constructor(
    private readonly periodic: PeriodicJob,
    private readonly announcements: AnnouncementsRepository,
    private readonly outbox: OutboxJob,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.add(CREDENTIAL_EXPIRIES, EXPIRY_MAILS);
    if (this.outbox.isConfigured) this.add(ACCESS_ENDS, ACCESS_END_MAILS);
  }

  private add<Mail extends MemberMail>(statements: typeof ACCESS_ENDS, kind: MailKind<Mail>): void {
    this.outbox.add(kind);
    const options = { withMails: this.outbox.isConfigured };
    this.periodic.addForOrgs('tell what expires or ends soon', this.config.retention.intervalSeconds * 1000, {
      find: () => this.announcements.findDue(statements, options),
      runBatch: async (due) => {
        const { mails, expiring } = await this.announcements.claim(statements, due, options);
        await this.outbox.queue(kind.name, mails);
        await this.record(due.orgId, expiring);
        return false; // the others follow at the next run
      },
    });
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
