import type { TestApp } from './test-app.js';

type AuditRow = {
  operation: string;
  succeeded: boolean;
  userId: string | null;
  workspaceId: string | null;
  resourceIds: string[];
  responseStatus: number | null;
  /** To whom the resource belongs, if not the actor. */
  ownerId: string | null;
};

/** The audit entries of these operations in an organization, oldest first. */
export const auditOf = (t: TestApp, orgId: string, operations: string[]): Promise<AuditRow[]> =>
  t.sql<AuditRow>(
    `select operation, succeeded, user_id as "userId", workspace_id as "workspaceId",
       resource_ids as "resourceIds", response_status as "responseStatus",
       details->>'resource_owner_ls_user_id' as "ownerId"
     from audit_entries where org_id = $1 and operation = any($2) order by created_at, id`,
    [orgId, operations],
  );

/** The ids of the requests that the entries of an operation name, by the ids of their first resources. */
export async function auditedRequests(t: TestApp, operation: string): Promise<ReadonlyMap<string, string>> {
  const rows = await t.sql<{ resourceId: string; requestId: string }>(
    `select resource_ids[1] as "resourceId", details->>'request_id' as "requestId" from audit_entries
     where operation = $1 and succeeded order by id`,
    [operation],
  );
  return new Map(rows.map(({ resourceId, requestId }) => [resourceId, requestId]));
}
