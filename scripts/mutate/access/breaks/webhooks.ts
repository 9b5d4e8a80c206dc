import type { Break } from '../break.ts';

const TESTS = ['test/e2e/webhooks.e2e.ts'];
const SENDING = ['test/e2e/webhook-deliveries.e2e.ts'];
const STATEMENTS = 'src/modules/receivers/core/receiver-kind.statements.ts';
const KIND = 'src/modules/receivers/webhooks/webhook-kind.ts';
const END = 'src/modules/receivers/end-created-receivers.ts';

const LEASE = 'src/common/background/lease.ts';
const FAR_AHEAD = 'src/database/statements/too-far-ahead.ts';

const openToManagers = (operation: string, handler: string): Break => ({
  id: `webhooks.${operation}-by-admins`,
  file: 'src/modules/receivers/webhooks/webhooks.controller.ts',
  find: `@OrgAdminsOnly(OnlyAdminsManageWebhooks)\n  @Audited('${handler}')`,
  replace: `@Audited('${handler}')`,
  why: 'A manager below the rank of an admin could send events to an address of their choice.',
  tests: TESTS,
});

/** Events leave the server. */
export const WEBHOOKS: readonly Break[] = [
  {
    id: 'webhooks.kinds-of-credentials',
    file: 'src/modules/events/from-entries/event.mapper.ts',
    find: "credentialKind?.replaceAll('-', '_') ?? null",
    replace: 'credentialKind ?? null',
    why: 'A receiver that knows the kinds would not recognize the one of the test.',
    tests: SENDING,
  },
  {
    id: 'webhooks.address-for-operators',
    file: 'src/modules/receivers/core/receiver.mapper.ts',
    find: 'mayGrantOrgAdmin(caller) ? receiver.url',
    replace: 'mayGrantOrgAdmin(caller) || receiver.url ? receiver.url',
    why: 'An operator would read the secret that the address of a receiver holds, and could send it events of their own.',
    tests: ['test/e2e/webhooks.e2e.ts'],
  },
  openToManagers('created', 'create_webhook'),
  openToManagers('changed', 'update_webhook'),
  openToManagers('deleted', 'delete_webhook'),
  openToManagers('rotated', 'rotate_webhook_secret'),
  openToManagers('tested', 'test_webhook'),
  openToManagers('sent-again', 'redeliver_webhook'),
  {
    id: 'webhooks.listed-of-the-organization',
    file: STATEMENTS,
    find: 'where org_id = $1 and ($2::uuid is null or id = $2)',
    replace: 'where (org_id = $1 or true) and ($2::uuid is null or id = $2)',
    why: 'Callers could see the webhooks of other organizations.',
    tests: TESTS,
  },
  {
    id: 'webhooks.changed-in-the-organization',
    file: STATEMENTS,
    find: 'where org_id = $1 and id = any($2) order by id for no key update',
    replace: 'where (org_id = $1 or true) and id = any($2) order by id for no key update',
    why: 'An admin of another organization could redirect its events.',
    tests: TESTS,
  },
  {
    id: 'webhooks.tested-in-the-organization',
    file: STATEMENTS,
    find: 'where org_id = $1 and id = $2`,',
    replace: 'where (org_id = $1 or true) and id = $2`,',
    why: 'Callers could read what receivers of other organizations answered, and send tests to them.',
    tests: TESTS,
  },
  {
    id: 'webhooks.url-is-checked',
    file: 'src/modules/receivers/core/receiver-body.pipe.ts',
    find: 'this.outbound.flawOf(body.url)',
    replace: "this.outbound.flawOf('https://receiver.example.com/')",
    why: 'A forbidden address would be saved, and refused only when it is requested.',
    tests: TESTS,
  },
  {
    id: 'webhooks.secrets-are-encrypted',
    file: 'src/modules/receivers/webhooks/webhook-secrets.ts',
    find: "stored: this.secrets.encrypt(Buffer.concat([shared, seed]).toString('base64')),",
    replace: "stored: Buffer.concat([shared, seed]).toString('base64'),",
    why: 'A copy of the database would be enough to sign events.',
    tests: TESTS,
  },
  {
    id: 'webhooks.old-secret-ends-with-the-overlap',
    file: KIND,
    find: "'case when previous_secret_expires_at > now() then previous_secret end'",
    replace: "'previous_secret'",
    why: 'A receiver that has a leaked secret would accept requests that are signed with it.',
    tests: ['test/e2e/webhook-deliveries.e2e.ts'],
  },
  {
    id: 'webhooks.other-types-are-not-sent',
    file: 'src/modules/receivers/webhooks/send-events.ts',
    find: 'types?.includes(type) ?? !ONLY_BY_NAME.has(type)',
    replace: 'types?.includes(type) || !ONLY_BY_NAME.has(type)',
    why: 'Receivers would learn of events of types that were not chosen.',
    tests: SENDING,
  },
  {
    id: 'webhooks.events-of-the-organization-are-sent-again',
    file: 'src/modules/events/events.read-model.ts',
    find: 'from audit_entries where org_id = $1 and id = any($2::uuid[])',
    replace: 'from audit_entries where (org_id = $1 or true) and id = any($2::uuid[])',
    why: 'Admins could have events of other organizations sent to them.',
    tests: SENDING,
  },
  {
    id: 'webhooks.sent-at-many-connections-if-slow',
    file: 'src/common/outbound/connection-places.ts',
    find: 'Math.min(perSlowHost, Math.max(perHost, needed))',
    replace: 'Math.min(perHost, Math.max(perSlowHost, needed))',
    why: 'Events for a receiver that takes seconds for its answers would wait longer and longer.',
    tests: SENDING,
  },
  {
    id: 'webhooks.claims-end-soon',
    file: LEASE,
    find: 'LEASE_SECONDS = 12;',
    replace: 'LEASE_SECONDS = 60;',
    why: 'What a process that ended was sending would wait for a minute.',
    tests: SENDING,
  },
  {
    id: 'webhooks.claims-are-renewed',
    file: LEASE,
    find: 'RENEW_MS = 4_000;',
    replace: 'RENEW_MS = 400_000;',
    why: 'Another process would send once more what a slow receiver is about to answer.',
    tests: SENDING,
  },
  {
    id: 'webhooks.due-when-the-clock-is-set-back',
    file: FAR_AHEAD,
    find: "+ interval '2 minutes'",
    replace: "+ interval '20 days'",
    why: 'A clock that is set back would stop webhooks for as long.',
    tests: SENDING,
  },
  {
    id: 'webhooks.due-never-while-disabled',
    file: FAR_AHEAD,
    find: "${dueAt} < 'infinity'`",
    replace: "${dueAt} <= 'infinity'`",
    why: 'What is disabled would be looked at as if it were late.',
    tests: SENDING,
  },
  {
    id: 'webhooks.repeated-when-the-clock-is-set-back',
    file: 'src/modules/receivers/webhooks/deliveries.repository.ts',
    find: "waitAfter('attempts')",
    replace: "waitAfter('attempts + 5')",
    why: 'Events that have failed would wait for as long as the clock was set back.',
    tests: SENDING,
  },
  {
    id: 'webhooks.ended-by-admins',
    file: END,
    find: 'if (!mayGrantOrgAdmin(principal)) throw new kind.OnlyAdmins();',
    replace: 'void [mayGrantOrgAdmin, kind.OnlyAdmins];',
    why: 'A manager below the rank of an admin could delete a webhook by removing its maker.',
    tests: TESTS,
  },
  {
    id: 'webhooks.ended-with-their-maker',
    file: END,
    find: 'requested.webhooks = await this.run(WEBHOOK, requested);',
    replace: 'requested.webhooks = await this.run(WEBHOOK, { ...requested, isDeleting: false });',
    why: 'A removed admin would keep getting events, although what they made was to end.',
    tests: TESTS,
  },
  {
    id: 'webhooks.at-most-twenty',
    file: KIND,
    find: 'limit: 20,',
    replace: 'limit: 21,',
    why: 'An organization could have more receivers than the limit.',
    tests: TESTS,
  },
];
