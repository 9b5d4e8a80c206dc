import { Injectable } from '@nestjs/common';
import { last } from '../../../common/collections.js';
import { entityColumns } from '../../../database/statements/entity-columns.js';
import type { ListQuery } from '../../../database/lists/list-reader.js';
import { newIds } from '../../../database/statements/new-id.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { AuditEntry } from './entities.js';

/** Both ends are inclusive. */
export type AuditPeriod = { readonly from: Date; readonly to: Date };

/** Selects entries of an organization; a null field does not filter, and an empty list selects none. */
export type AuditFilter = AuditPeriod & {
  readonly workspaceId: string | null;
  readonly operations: readonly string[] | null;
  readonly userIds: readonly string[] | null;
  readonly apiKeyIds: readonly string[] | null;
  /** Entries with at least one of these resources. */
  readonly resourceIds: readonly string[] | null;
  /** IP addresses in any spelling. */
  readonly clientHosts: readonly string[] | null;
};

/** The last entry of the previous page; the following entries are older. */
export type AuditPosition = { readonly createdAt: Date; readonly id: string };

type AuditPage = {
  readonly orgId: string;
  readonly filter: AuditFilter;
  /** Null: from the end of the period. */
  readonly position: AuditPosition | null;
  readonly limit: number;
};

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Each condition has an index; `$` is its parameter. */
const CONDITIONS = [
  ['workspaceId', ($: string) => `workspace_id = ${$}::uuid`],
  ['operations', ($: string) => `operation = any(${$}::text[])`],
  ['userIds', ($: string) => `user_id = any(${$}::uuid[])`],
  ['resourceIds', ($: string) => `resource_ids && ${$}::uuid[]`],
  ['clientHosts', ($: string) => `client_host = any(${$}::inet[])`],
  ['apiKeyIds', ($: string) => `credential_id = any(${$}::uuid[]) and credential_kind <> 'session'`],
] as const;

/**
 * Filtered pages are unnamed statements, which are planned with their values: a rare value is looked up in its index, and
 * for a frequent one the entries of the organization are read from the newest on.
 */
export function pageOf(
  columns: string,
  { orgId, filter, position, limit }: AuditPage,
): { statement: Statement; values: readonly unknown[] } {
  const { createdAt, id } = position ?? { createdAt: filter.to, id: LAST_ID };
  const values: unknown[] = [orgId, filter.from, filter.to, createdAt, id, limit];
  const conditions = CONDITIONS.flatMap(([by, condition]) =>
    filter[by] === null ? [] : [condition(`$${values.push(filter[by])}`)],
  );
  const text = `
    select ${columns} from audit_entries
    where org_id = $1 and created_at between $2 and $3 and (created_at, id) < ($4::timestamptz, $5::uuid)
      ${conditions.map((condition) => `and ${condition}`).join(' ')}
    order by created_at desc, id desc limit $6`;
  return { statement: { name: conditions.length === 0 ? 'audit_entries_older_than' : '', text }, values };
}

/** The database assigns the other columns; a null `id` is replaced by a new one. */
export type NewAuditEntry = Omit<AuditEntry, 'id' | 'createdAt' | 'position'> & { id: string | null };

/** All rows in one JSON text: node-postgres cannot send arrays of arrays of different lengths. */
const INSERT = named('audit_entries_insert')`
  insert into audit_entries (id, org_id, workspace_id, operation, succeeded, user_id, credential_kind, credential_id,
    resource_ids, request_method, request_path, client_host, client_port, forwarded_for, response_status,
    details)
  select id, "orgId", "workspaceId", operation, succeeded, "userId", "credentialKind", "credentialId",
    "resourceIds", "requestMethod", "requestPath", "clientHost", "clientPort", "forwardedFor", "responseStatus",
    details
  from jsonb_to_recordset($1::jsonb) as given (id uuid, "orgId" uuid, "workspaceId" uuid, operation text,
    succeeded boolean, "userId" uuid, "credentialKind" text, "credentialId" uuid, "resourceIds" uuid[],
    "requestMethod" text, "requestPath" text, "clientHost" inet, "clientPort" integer, "forwardedFor" text,
    "responseStatus" integer, details jsonb)`;

/** Only verified entries: an entry inserted below position 1 is left for `audit:verify` to report. */
const REMOVE_THROUGH = named('audit_entries_remove_through')`
  delete from audit_entries where position > 0 and position <= $1`;

/** Genuine positions start at 1; inserted ones may be lower. */
const LOWEST_POSITION = -(2n ** 63n);
const PAGE = 500; // entries held in memory

/** All columns, since all are sealed, so that a new column is included. */
const COLUMNS = entityColumns(AuditEntry);

const select = (name: string, condition: string): Statement => named(`audit_entries_${name}`)`
  select ${COLUMNS} from audit_entries where ${condition}`;
const OF_PERIOD = select(
  'of_period',
  'org_id = $1 and created_at between $2 and $3 order by created_at desc, id desc',
);
const BETWEEN = select('between', 'position > $1 and position <= $2 order by position limit $3');
const OF_ORG = select('of_org', 'org_id = $1 and position >= $2 order by position limit $3');
const OF_NO_ORG = select('of_no_org', 'org_id is null and position >= $1 order by position limit $2');

@Injectable()
export class AuditEntriesRepository {
  constructor(private readonly sql: Sql) {}

  /** Newest first. */
  listPage(page: AuditPage): Promise<AuditEntry[]> {
    const { statement, values } = pageOf(COLUMNS, page);
    return this.sql.rows<AuditEntry>(statement, values);
  }

  /** Newest first. */
  allOfPeriod(orgId: string, { from, to }: AuditPeriod): ListQuery<AuditEntry> {
    return { statement: OF_PERIOD, values: [orgId, from, to] };
  }

  /** Of all organizations, in order of position, after `after` up to and including `through`. */
  listBetween(after: string, through: string, limit: number): Promise<AuditEntry[]> {
    return this.sql.rows<AuditEntry>(BETWEEN, [after, through, limit]);
  }

  /** In order of position; null selects the entries of no organization. */
  async *streamAll(orgId: string | null): AsyncGenerator<AuditEntry> {
    let from: bigint = LOWEST_POSITION;
    for (;;) {
      const page = await this.listFrom(orgId, String(from));
      yield* page;
      if (page.length < PAGE) return;
      from = BigInt(last(page).position) + 1n;
    }
  }

  private listFrom(orgId: string | null, from: string): Promise<AuditEntry[]> {
    if (orgId === null) return this.sql.rows<AuditEntry>(OF_NO_ORG, [from, PAGE]);
    return this.sql.rows<AuditEntry>(OF_ORG, [orgId, from, PAGE]);
  }

  async removeThrough(position: string): Promise<void> {
    await this.sql.affected(REMOVE_THROUGH, [position]);
  }

  /** Keeps their order. */
  async insertAll(entries: readonly NewAuditEntry[]): Promise<void> {
    const ids = newIds(entries);
    const rows = entries.map((entry, index) => ({ ...entry, id: entry.id ?? ids[index] }));
    await this.sql.affected(INSERT, [JSON.stringify(rows)]);
  }
}
