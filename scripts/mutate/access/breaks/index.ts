import type { Break } from '../break.ts';
import { ACCESS_REQUESTS } from './access-requests.ts';
import { ACCESS_CACHE } from './access-cache.ts';
import { ACCESS_REPORT } from './access-report.ts';
import { ASSURANCE } from './assurance.ts';
import { AUTHZEN } from './authzen.ts';
import { CALLERS } from './callers.ts';
import { COMPARISON } from './comparison.ts';
import { CONSOLE } from './console.ts';
import { CREATED_CREDENTIALS } from './created-credentials.ts';
import { CREDENTIALS } from './credentials.ts';
import { DATABASE } from './database.ts';
import { ENDED_ACCESS } from './ended-access.ts';
import { EVENTS } from './events.ts';
import { EXPIRY_MAILS } from './expiry-mails.ts';
import { HASHING } from './hashing.ts';
import { INVITATIONS } from './invitations.ts';
import { KEYS } from './keys.ts';
import { LASTING_RIGHTS } from './lasting-rights.ts';
import { LOG_STREAMS } from './log-streams.ts';
import { LOGINS } from './logins.ts';
import { MEMBERS } from './members.ts';
import { OPERATORS } from './operators.ts';
import { OUTBOUND } from './outbound.ts';
import { PASSWORD_LINKS } from './password-links.ts';
import { PASSWORDS } from './passwords.ts';
import { RANDOM_CHANGES } from './random-changes.ts';
import { RECORDS } from './records.ts';
import { REQUESTS } from './requests.ts';
import { ROLES } from './roles.ts';
import { ROTATION } from './rotation.ts';
import { SCIM_ROLES } from './scim-roles.ts';
import { SCIM } from './scim.ts';
import { SETTINGS } from './settings.ts';
import { TAGS } from './tags.ts';
import { SIGN_IN } from './sign-in.ts';
import { TEST_SIGN_IN } from './test-sign-in.ts';
import { USER_GROUPS } from './user-groups.ts';
import { WEBHOOKS } from './webhooks.ts';

export const BREAKS: readonly Break[] = [
  ...CALLERS,
  ...ACCESS_CACHE,
  ...ACCESS_REQUESTS,
  ...MEMBERS,
  ...ENDED_ACCESS,
  ...COMPARISON,
  ...CONSOLE,
  ...RANDOM_CHANGES,
  ...ROLES,
  ...USER_GROUPS,
  ...ASSURANCE,
  ...AUTHZEN,
  ...INVITATIONS,
  ...KEYS,
  ...ROTATION,
  ...CREATED_CREDENTIALS,
  ...CREDENTIALS,
  ...ACCESS_REPORT,
  ...EVENTS,
  ...WEBHOOKS,
  ...LASTING_RIGHTS,
  ...LOG_STREAMS,
  ...EXPIRY_MAILS,
  ...SETTINGS,
  ...DATABASE,
  ...SIGN_IN,
  ...TEST_SIGN_IN,
  ...TAGS,
  ...SCIM,
  ...SCIM_ROLES,
  ...PASSWORDS,
  ...PASSWORD_LINKS,
  ...HASHING,
  ...LOGINS,
  ...OPERATORS,
  ...REQUESTS,
  ...OUTBOUND,
  ...RECORDS,
];
