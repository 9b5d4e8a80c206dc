import type { Delivery } from '../common/mail/mailer.js';
import type { JobOutcome } from './job-queue.js';

/** What a mail job does next. `unanswered`: the mail may have arrived, so it is sent again only on request. */
export const MAIL_OUTCOME: Record<Delivery['outcome'], JobOutcome> = {
  taken: 'done',
  withdrawn: 'done',
  unanswered: 'done',
  refused: 'retry',
  'refused-for-good': 'discard',
};
