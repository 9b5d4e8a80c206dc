export {
  type MailedLink,
  type MailKind,
  type MemberMail,
  memberValues,
  type PageOf,
  TO_MEMBER,
  type WrittenMail,
} from './mail-kind.js';
export { NoticesModule } from './notices.module.js';
export type { NewMail } from './mails.repository.js';
export { OutboxJob } from './outbox.job.js';
