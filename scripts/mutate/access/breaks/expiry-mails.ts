import type { Break } from '../break.js';

const MAILS = 'src/modules/expiry-mails/expiry-mails.repository.ts';
const tests = ['test/e2e/expiry-mail.e2e.ts'];

/** To whom mails about keys and tokens that expire soon go. */
export const EXPIRY_MAILS: readonly Break[] = [
  {
    id: 'expiry-mails.admins-alone',
    file: MAILS,
    find: `(c.user_id is null and p.role_id = '\${ORG_ADMIN_ID}')`,
    replace: '(c.user_id is null)',
    why: 'A mail that is sent again would name keys of the organization to somebody who is no admin any more.',
    tests,
  },
  {
    id: 'expiry-mails.active-members',
    file: MAILS,
    find: 'p.user_id = m.user_id and not p.is_disabled',
    replace: 'p.user_id = m.user_id',
    why: 'A mail that is sent again would name keys and tokens to a member who was deactivated meanwhile.',
    tests,
  },
];
