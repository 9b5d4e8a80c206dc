import { Injectable, type OnModuleInit } from '@nestjs/common';
import { shownName, truncated } from '../../../common/mail/mail-texts.js';
import { MailQueue } from '../../../database/jobs/mail-queue.js';
import { type AccessRequestEmail, AccessRequestMailsRepository } from './access-request-mails.repository.js';

const QUEUE = 'access-request-mails';

/** Mails about access requests (docs/contract/access-requests.md#mails). Their links lead to the console. */
@Injectable()
export class AccessRequestMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: AccessRequestMailsRepository,
  ) {}

  onModuleInit(): void {
    this.queue.process(QUEUE, this.mails, (email, texts, consoleUrl) =>
      email.isToRequester
        ? texts.render('access-decision', email.language, () => ({
            ...valuesOf(email, consoleUrl, 'ask-for-access'),
            approved: email.isApproved ? 'yes' : null,
          }))
        : texts.render('access-request', email.language, () => ({
            ...valuesOf(email, consoleUrl, 'access-requests'),
            requester: truncated(email.requesterEmail),
          })),
    );
  }

  /** In the transaction that makes or decides the request. Does nothing without a mail server. */
  async enqueue(requestId: string, recipients: 'deciders' | 'requester'): Promise<void> {
    if (this.queue.isConfigured)
      await this.queue.enqueue(QUEUE, await this.mails.insert(requestId, recipients));
  }
}

/** The reason is left out, since mail programs turn addresses in it into links. */
const valuesOf = (
  { email, fullName, orgId, orgName, workspaceName, roleName, userGroupName }: AccessRequestEmail,
  consoleUrl: string | null,
  page: string,
) => ({
  email,
  name: fullName && shownName(fullName),
  organization: shownName(orgName),
  workspace: workspaceName && shownName(workspaceName),
  role: roleName && shownName(roleName),
  group: userGroupName && shownName(userGroupName),
  link: consoleUrl && `${consoleUrl}/organizations/${orgId}/settings/${page}`,
});
