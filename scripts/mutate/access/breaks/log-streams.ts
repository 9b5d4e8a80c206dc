import type { Break } from '../break.ts';

const TESTS = ['test/e2e/log-streams.e2e.ts'];
const SENDING = ['test/e2e/log-stream-sending.e2e.ts'];
const SEND = 'src/modules/receivers/log-streams/log-stream-sender.ts';
const CONTROLLER = 'src/modules/receivers/log-streams/log-streams.controller.ts';
const LINES = 'src/modules/receivers/log-streams/send-lines.ts';
const KIND = 'src/modules/receivers/log-streams/log-stream-kind.ts';
const BODY = 'src/modules/receivers/core/receiver-body.pipe.ts';

const openToManagers = (operation: string, handler: string): Break => ({
  id: `log-streams.${operation}-by-admins`,
  file: CONTROLLER,
  find: `@OrgAdminsOnly(OnlyAdminsManageLogStreams)\n  @Audited('${handler}')`,
  replace: `@Audited('${handler}')`,
  why: 'A manager below the rank of an admin could send the audit log to an address of their choice.',
  tests: TESTS,
});

/** The audit log leaves the server. */
export const LOG_STREAMS: readonly Break[] = [
  {
    id: 'log-streams.address-for-operators',
    file: 'src/modules/receivers/core/receiver.mapper.ts',
    find: 'mayGrantOrgAdmin(caller) ? receiver.url',
    replace: 'mayGrantOrgAdmin(caller) || receiver.url ? receiver.url',
    why: 'An operator would read the secret that the address of a receiver holds, and could send it lines of their own.',
    tests: ['test/e2e/log-streams.e2e.ts'],
  },
  {
    id: 'log-streams.names-on-request',
    file: 'src/modules/receivers/log-streams/load-batch.ts',
    find: 'receiver.includeNames ? await',
    replace: 'receiver.url ? await',
    why: 'Names would go to receivers for which no admin has asked for them.',
    tests: SENDING,
  },
  openToManagers('created', 'create_log_stream'),
  openToManagers('changed', 'update_log_stream'),
  openToManagers('deleted', 'delete_log_stream'),
  openToManagers('tested', 'test_log_stream'),
  {
    id: 'log-streams.only-of-the-organization',
    file: 'src/modules/receivers/core/receiver-kind.statements.ts',
    find: 'where org_id = $1 and ($2::uuid is null or id = $2)',
    replace: 'where (org_id = $1 or true) and ($2::uuid is null or id = $2)',
    why: 'An admin of another organization could see and redirect the log stream.',
    tests: TESTS,
  },
  {
    id: 'log-streams.headers-stay-with-their-server',
    file: KIND,
    find: 'if (headers === undefined && headerNames.length > 0 && isElsewhere)',
    replace: 'if (headers === undefined && headerNames.length > 0 && isElsewhere && false)',
    why: 'An admin could get the secret values of headers by sending them to a server of their own.',
    tests: TESTS,
  },
  {
    id: 'log-streams.url-is-checked',
    file: BODY,
    find: 'this.outbound.flawOf(body.url)',
    replace: "this.outbound.flawOf('https://example.com/')",
    why: 'A forbidden address would be saved, and refused only when it is requested.',
    tests: TESTS,
  },
  {
    id: 'log-streams.headers-are-checked',
    file: BODY,
    find: '...headerProblems(body.headers ?? {}),',
    replace: '...headerProblems({}),',
    why: 'Chosen headers could change the framing of the request or its content type.',
    tests: TESTS,
  },
  {
    id: 'log-streams.header-values-are-encrypted',
    file: LINES,
    find: 'this.secrets.encrypt(values) : null',
    replace: 'values : null',
    why: 'A copy of the database would hold the secrets of receivers.',
    tests: TESTS,
  },
  {
    id: 'log-streams.moved-only-after-success',
    file: SEND,
    find: "outcome === 'delivered' ? end : claim.position",
    replace: "outcome === 'delivered' ? end : end",
    why: 'Entries that a receiver did not take would never arrive.',
    tests: SENDING,
  },
  {
    id: 'log-streams.written-only-with-the-claim',
    file: SEND,
    find: 'pause))) return false;',
    replace: 'pause))) void claim;',
    why: 'An answer to a request of before would disable a log stream that was changed since.',
    tests: SENDING,
  },
  {
    id: 'log-streams.no-headers-without-their-salt',
    file: LINES,
    find: "if (chosen === null) return failedAttempt('secrets_unreadable');",
    replace: 'void failedAttempt;',
    why: 'The audit log would be sent without the header that proves where it comes from.',
    tests: SENDING,
  },
  {
    id: 'log-streams.due-when-the-clock-is-set-back',
    file: 'src/modules/receivers/core/dispatcher.job.ts',
    find: 'await this.receivers.bringForward(this.sender.kind);',
    replace: 'void this.receivers.bringForward.name;',
    why: 'A clock that is set back would stop log streams for as long.',
    tests: SENDING,
  },
  {
    id: 'log-streams.pauses-stay',
    file: KIND,
    find: 'then ${LONGEST_PAUSE_SECONDS} else 0 end',
    replace: 'then ${LONGEST_PAUSE_SECONDS - 86_000} else 0 end',
    why: 'A receiver would get requests during the pause that it has asked for.',
    tests: SENDING,
  },
  {
    id: 'log-streams.ended-by-admins',
    file: 'src/modules/receivers/end-created-receivers.ts',
    find: 'if (!mayGrantOrgAdmin(principal)) throw new kind.OnlyAdmins();',
    replace: 'void [mayGrantOrgAdmin, kind.OnlyAdmins];',
    why: 'A manager below the rank of an admin could delete a log stream by removing its maker.',
    tests: TESTS,
  },
  {
    id: 'log-streams.ended-with-their-maker',
    file: 'src/modules/receivers/end-created-receivers.ts',
    find: 'requested.logStreams = await this.run(LOG_STREAM, requested);',
    replace: 'requested.logStreams = await this.run(LOG_STREAM, { ...requested, isDeleting: false });',
    why: 'A removed admin would keep getting the audit log, although what they made was to end.',
    tests: TESTS,
  },
  {
    id: 'log-streams.at-most-five',
    file: KIND,
    find: 'limit: 5,',
    replace: 'limit: 6,',
    why: 'An organization could have more receivers than the limit.',
    tests: TESTS,
  },
];
