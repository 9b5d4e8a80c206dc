import type { Break } from '../break.js';

const tests = ['test/e2e/expiry-mail.e2e.ts'];

/** To whom mails go about keys and tokens that expire soon, and about memberships that end soon. */
export const EXPIRY_MAILS: readonly Break[] = [
  {
    id: 'expiry-mails.admins-alone',
    file: 'src/modules/expiry-mails/credential-expiries.ts',
    find: `(c.user_id is null and p.role_id = '\${ORG_ADMIN_ID}')`,
    replace: '(c.user_id is null)',
    why: 'A mail that is sent again would name keys of the organization to somebody who is no admin any more.',
    tests,
  },
  {
    id: 'expiry-mails.active-members',
    file: 'src/modules/notices/mail-kind.ts',
    find: 'p.user_id = m.user_id and not p.is_disabled',
    replace: 'p.user_id = m.user_id',
    why: 'A mail that is sent again would name keys and tokens to a member who was deactivated meanwhile.',
    tests,
  },
  {
    id: 'expiry-mails.setters-of-ends',
    file: 'src/modules/expiry-mails/access-ends.ts',
    find: 'where m.user_id in (e.user_id, e.set_by)',
    replace: 'where true',
    why: 'A mail that is sent again would tell the end to an admin who did not set it.',
    tests,
  },
];
