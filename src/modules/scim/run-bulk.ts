import { Injectable, Logger } from '@nestjs/common';
import type { ScimPrincipal } from '../../common/access/principal.js';
import { zip } from '../../common/collections.js';
import { Unavailable } from '../../common/errors/domain-error.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { explainOutage } from '../../common/errors/outage.js';
import type { AuditOperation } from '../../common/http/operations/audit-operations.js';
import { AuditTrail } from '../audit/index.js';
import { ScimGroupsService } from './groups/scim-groups.service.js';
import { ScimErrorFormat } from './http/errors.js';
import type { ScimRequest } from './http/scim.guard.js';
import {
  type BulkEntry,
  type BulkOperation,
  bulkResponse,
  circularReferenceError,
  executionOrder,
  locationOfEntry,
  readBulk,
  referencesOf,
  resolveReferences,
} from './protocol/bulk.js';
import { etagOf } from './protocol/resource.js';
import type { JsonObject } from './protocol/value.js';
import { ScimUsersService } from './users/scim-users.service.js';

const MAX_BATCH = 50;

const METHODS = {
  POST: { verb: 'create', status: '201' },
  PUT: { verb: 'update', status: '200' },
  PATCH: { verb: 'update', status: '200' },
  DELETE: { verb: 'delete', status: '204' },
} as const;

/** Each operation is independent of the others (RFC 7644, section 3.7). */
@Injectable()
export class RunBulk {
  private readonly log = new Logger(RunBulk.name);
  private readonly errors = new ScimErrorFormat();

  constructor(
    private readonly users: ScimUsersService,
    private readonly groups: ScimGroupsService,
    private readonly audit: AuditTrail,
  ) {}

  /** Stops after `failOnErrors` errors; operations that were not executed have no response. */
  async run(request: ScimRequest, body: unknown): Promise<JsonObject> {
    const { entries, failOnErrors } = readBulk(body);
    const responses = new Map<BulkEntry, JsonObject>();
    const { order, unresolvable } = executionOrder(entries);
    const ids = new Map<string, string>(); // of the resources created so far, by bulkId
    let errors = 0;
    for (const group of batchesOf(order, failOnErrors === null)) {
      if (failOnErrors !== null && errors >= failOnErrors) break;
      const done = await Promise.all(
        group.map((entry) => this.respond(request, entry, ids, unresolvable.has(entry))),
      );
      errors += done.filter((response) => 'response' in response).length;
      for (const [entry, response] of zip(group, done)) responses.set(entry, response);
    }
    return bulkResponse(
      entries.map((entry) => responses.get(entry)).filter((response) => response !== undefined),
    );
  }

  private async respond(
    { principal, base }: ScimRequest,
    entry: BulkEntry,
    ids: Map<string, string>,
    isUnresolvable: boolean,
  ): Promise<JsonObject> {
    const named = { method: entry.method, ...(entry.bulkId === null ? {} : { bulkId: entry.bulkId }) };
    try {
      if ('error' in entry) throw entry.error;
      if (isUnresolvable) throw circularReferenceError();
      const operation = resolveReferences(entry.operation, ids);
      const { id, version } = await this.execute(principal, operation);
      if (operation.bulkId !== null) ids.set(operation.bulkId, id);
      return {
        ...named,
        status: METHODS[operation.method].status,
        ...(version === null ? {} : { version: etagOf(version) }),
        location: `${base}/${operation.resource}/${id}`,
      };
    } catch (error) {
      const location = locationOfEntry(entry, ids);
      const where: JsonObject = location === null ? {} : { location: `${base}${location}` };
      return { ...named, ...where, ...(await this.refuse(principal, entry, error)) };
    }
  }

  /** Like the same single request. `version` is null if the resource no longer exists. */
  private async execute(
    principal: ScimPrincipal,
    { resource, method, id, version, data }: BulkOperation,
  ): Promise<{ id: string; version: number | null }> {
    const target = { id: id ?? '', ifMatch: version };
    if (method === 'DELETE') {
      await (resource === 'Users' ? this.users : this.groups).remove(principal, target);
      return { id: target.id, version: null };
    }
    if (resource === 'Users')
      return method === 'POST'
        ? this.users.create(principal, data)
        : this.users[method === 'PUT' ? 'replace' : 'patch'](principal, target, data);
    if (method === 'POST') return { id: await this.groups.create(principal, data), version: 1 };
    await this.groups[method === 'PUT' ? 'replace' : 'patch'](principal, target, data);
    return this.groups.get(principal, target.id);
  }

  /** Formats and records a refused operation like a single request. */
  private async refuse(principal: ScimPrincipal, entry: BulkEntry, error: unknown) {
    const explained = explainOutage(error);
    const { status, body, details } = this.errors.describe(explained);
    if (status === 500 || explained instanceof Unavailable)
      logFailure(this.log, 'an operation of a bulk request failed', explained);
    const operation = auditOperationOf(entry);
    if (operation && !(explained instanceof Unavailable))
      await this.audit.recordRefusal(principal, operation, status, { details });
    return { status: String(status), response: body };
  }
}

/** One operation per batch; consecutive user creations share a batch unless an error may end the request early. */
function batchesOf(entries: readonly BulkEntry[], mayBatch: boolean): BulkEntry[][] {
  const groups: BulkEntry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const isBatched = mayBatch && [entry, ...(last ?? [])].every(isNewUser);
    if (last && isBatched && last.length < MAX_BATCH) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

const isNewUser = (entry: BulkEntry): boolean =>
  'operation' in entry &&
  entry.operation.method === 'POST' &&
  entry.operation.resource === 'Users' &&
  referencesOf(entry.operation).size === 0;

/** Null for an entry that could not be read. */
function auditOperationOf(entry: BulkEntry): AuditOperation | null {
  if (!('operation' in entry)) return null;
  const { method, resource } = entry.operation;
  return `${METHODS[method].verb}_scim_${resource === 'Users' ? 'user' : 'group'}`;
}
