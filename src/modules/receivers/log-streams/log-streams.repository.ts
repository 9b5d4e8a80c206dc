import { Injectable } from '@nestjs/common';
import { Metrics } from '../../../common/metrics/metrics.js';
import type { Attempt } from '../../../common/outbound/attempt.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { entriesAfter } from '../../events/index.js';

/** $2: succeeded; $5: of the oldest entry that is left, if others were removed before they were sent. */
const NOTE_ATTEMPT: Statement = named('log_streams_note_attempt')`
  update log_streams set failures = case when $2 then 0 else failures + 1 end, last_attempt_at = now(),
    last_status = $3, last_code = $4, missed_before = coalesce($5, missed_before)
  where id = $1`;

const GAUGES = {
  log_streams_failing: 'Enabled log streams whose last request failed',
  log_streams_lag_seconds: 'Age of the oldest entry of the audit log that has not arrived at a log stream',
};

/** Of enabled streams of enabled organizations. */
const LAG: Statement = named('log_streams_lag')`
  select count(*) filter (where s.failures > 0)::int as log_streams_failing,
    coalesce(max(greatest(0, extract(epoch from now() - e.created_at))), 0)::float8 as log_streams_lag_seconds
  from log_streams s
    join log_cursors c on c.id = s.id
    join organizations o on o.id = s.org_id and not o.is_disabled
    left join lateral (
      select e.created_at ${entriesAfter('s.org_id', 'c.position')} limit 1) e on true
  where s.disabled_at is null`;

@Injectable()
export class LogStreamsRepository {
  constructor(
    private readonly sql: Sql,
    metrics: Metrics,
  ) {
    metrics.addDatabaseGauges(GAUGES, () => this.sql.one<Record<keyof typeof GAUGES, number>>(LAG, []));
  }

  async noteAttempt(
    id: string,
    { outcome, status, code }: Pick<Attempt, 'outcome' | 'status' | 'code'>,
    missedBefore: Date | null,
  ): Promise<void> {
    await this.sql.affected(NOTE_ATTEMPT, [id, outcome === 'delivered', status, code, missedBefore]);
  }
}
