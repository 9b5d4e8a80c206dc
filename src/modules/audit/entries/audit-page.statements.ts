import type { Statement } from '../../../database/transactions/sql.js';

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

export type AuditPage = {
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
