import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailQueue } from '../../database/jobs/mail-queue.js';
import { accessEndValues } from './access-end-email.js';
import { AccessEndMailsRepository } from './access-end-mails.repository.js';
import { expiryValues } from './expiry-email.js';
import { type DueInOrg, ExpiryMailsRepository } from './expiry-mails.repository.js';

const EXPIRIES = 'expiry-mails';
const ENDS = 'access-end-mails';

/**
 * Sends mails about keys and tokens that expire soon (docs/contract/keys.md#mails-before-the-expiry), and about memberships
 * that end soon (docs/contract/members.md#mails-before-the-end).
 */
@Injectable()
export class ExpiryMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: ExpiryMailsRepository,
    private readonly ends: AccessEndMailsRepository,
  ) {}

  onModuleInit(): void {
    this.queue.process(EXPIRIES, this.mails, (email, texts, consoleUrl) =>
      texts.render('expiry', email.language, (language) => expiryValues(email, consoleUrl, language)),
    );
    this.queue.process(ENDS, this.ends, (email, texts, consoleUrl) =>
      texts.render('access-end', email.language, (language) => accessEndValues(email, consoleUrl, language)),
    );
  }

  /** False: no mail server is set up. */
  get isConfigured(): boolean {
    return this.queue.isConfigured;
  }

  /** Called in the transaction that inserts the mails. */
  enqueue(mailIds: readonly string[]): Promise<void> {
    return this.queue.enqueue(EXPIRIES, mailIds);
  }

  /** Memberships that end soon, about which mails are due. */
  findDueEnds(): Promise<DueInOrg[]> {
    return this.ends.findDue();
  }

  /** In a transaction. Queues nothing of what another server has claimed meanwhile. */
  async enqueueEnds(due: DueInOrg): Promise<void> {
    await this.queue.enqueue(ENDS, await this.ends.claim(due));
  }
}
