import type { DataSource } from 'typeorm';
import { first } from '../../../common/collections.js';
import { measureClock } from '../../../database/connection/readiness-probe.js';

/** What the doctor reads from a database that may have no tables yet. It works without the application. */
export class DoctorReadModel {
  constructor(private readonly dataSource: DataSource) {}

  readServer(): Promise<{
    version: string;
    isStandby: boolean;
    connections: number;
    backendPid: number;
  }> {
    return this.one(`
      select current_setting('server_version') as version, pg_is_in_recovery() as "isStandby",
        pg_backend_pid() as "backendPid", current_setting('max_connections')::int
          - current_setting('superuser_reserved_connections')::int as connections`);
  }

  /** Of the tables in the schema, so also of what others have put there. `mayCreate` is null without a schema. */
  readRights(): Promise<{ mayCreate: boolean | null; unreadable: number; foreign: number }> {
    return this.one(`
      select has_schema_privilege(current_schema(), 'create') as "mayCreate",
        count(*) filter (where not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
          and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')))::int as unreadable,
        count(*) filter (where not pg_has_role(relowner, 'usage'))::int as foreign
      from pg_class
      where relnamespace = to_regnamespace(quote_ident(current_schema())) and relkind in ('r', 'p')`);
  }

  /** The median of some round trips. */
  async measureRoundTripMs(): Promise<number> {
    const times: number[] = [];
    for (let count = 0; count < 7; count++) {
      const begun = performance.now();
      await this.dataSource.query('select 1');
      times.push(performance.now() - begun);
    }
    return times.toSorted((a, b) => a - b)[3] ?? 0;
  }

  measureClockMs(): Promise<number> {
    return measureClock((text) => this.one(text));
  }

  /** Of those that ended or end soon, only those in use. */
  readScimTokens(): Promise<{ valid: number; expired: number; expiring: number }> {
    return this.one(`
      select count(*) filter (where expires_at is null or expires_at > now())::int as valid,
        count(*) filter (where expires_at <= now() and last_used_at > expires_at - interval '7 days')::int as expired,
        count(*) filter (where expires_at > now() and expires_at < now() + interval '14 days'
          and last_used_at is not null)::int as expiring
      from scim_tokens`);
  }

  /** `failing`: an event waits for an hour, or ten requests in a row have failed. */
  readReceivers(): Promise<{ enabled: number; disabled: number; failing: number }> {
    return this.one(`
      select
        (select count(*) from webhooks where disabled_at is null)::int
          + (select count(*) from log_streams where disabled_at is null)::int as enabled,
        (select count(*) from webhooks where disabled_reason <> 'admin')::int
          + (select count(*) from log_streams where disabled_reason <> 'admin')::int as disabled,
        (select count(distinct d.webhook_id) from webhook_deliveries d join webhooks w on w.id = d.webhook_id
         where d.next_attempt_at is not null and d.created_at < now() - interval '1 hour'
           and w.disabled_at is null)::int
          + (select count(*) from log_streams where disabled_at is null and failures >= 10)::int as failing`);
  }

  private async one<Row>(text: string): Promise<Row> {
    return first(await this.dataSource.query<Row[]>(text));
  }
}
