import { LONGEST_PAUSE_SECONDS } from '../../../common/outbound/attempt.js';
import { LogStream } from '../core/entities.js';
import {
  LogStreamHeadersNeeded,
  LogStreamNotFound,
  OnlyAdminsManageLogStreams,
  TooManyLogStreams,
} from '../core/errors.js';
import { receiverKind } from '../core/receiver-kind.statements.js';
import type { SendingReceiver } from '../core/receivers.repository.js';

/** With how far the log was sent. `nextAttemptAt`: after a failure. */
type ListedLogStream = {
  readonly lagEntries: number;
  readonly lagSeconds: number;
  readonly nextAttemptAt: Date | null;
};

/** `removed`: up to which position retention has removed entries. */
export type LogStreamTypes = { row: LogStream; listed: ListedLogStream; sending: { removed: string | null } };
export type SendingLogStream = SendingReceiver<LogStreamTypes>;

const MOST_COUNTED = 10_000;

export const LOG_STREAM = receiverKind<LogStreamTypes>({
  name: 'log_stream',
  entity: LogStream,
  from: 'from log_streams',
  listed: {
    nextAttemptAt: `case when r.failures > 0 and r."disabledAt" is null then c.due_at end`,
    lagEntries: `(
      select count(*)::int from (
        select from audit_entries e where e.org_id = r."orgId" and e.position > c.position
        limit ${MOST_COUNTED}) e)`,
    lagSeconds: 'coalesce(greatest(0, extract(epoch from now() - next.created_at))::int, 0)',
  },
  sending: { removed: '(select through from audit_anchors where chain = org_id)' },
  /** Only after a failure may a receiver ask for a pause. */
  longestPause: `make_interval(secs =>
    case when r.failures > 0 and r.last_attempt_at <= now() then ${LONGEST_PAUSE_SECONDS} else 0 end)`,
  limit: 5,
  NotFound: LogStreamNotFound,
  TooMany: TooManyLogStreams,
  OnlyAdmins: OnlyAdminsManageLogStreams,
  skipsNothing: true,
  secretField: 'headers',
  /** The values of headers would go to another server, whoever that belongs to. */
  assertMayGet: ({ url, headerNames }, { url: changed, headers }) => {
    const isElsewhere = changed?.url !== undefined && new URL(changed.url).origin !== new URL(url).origin;
    if (headers === undefined && headerNames.length > 0 && isElsewhere) throw new LogStreamHeadersNeeded();
  },
  restartsWith: (changed) => changed.includes('url') || changed.includes('headers'),
  restarted: { failures: 0 },
});
