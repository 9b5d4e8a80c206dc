import { Injectable } from '@nestjs/common';
import { zip } from '../../common/collections.js';
import {
  type BulkEntry,
  type BulkOperation,
  bulkResponse,
  readBulk,
  locationOfEntry,
  referencesOf,
  circularReferenceError,
  resolveReferences,
  executionOrder,
} from './protocol/bulk.js';
import type { JsonObject } from './protocol/value.js';
import type { ScimRequest } from './http/scim-request.decorator.js';
import { BulkFailures } from './bulk/bulk-failures.js';
import { BulkStep } from './bulk/bulk-step.js';

/** Ids of the resources created so far, by bulkId, and the operations in reference cycles. */
type BulkProgress = { readonly ids: Map<string, string>; readonly unresolvable: ReadonlySet<BulkEntry> };

/** Executes the operations of a bulk request, each independent of the others (RFC 7644, section 3.7). */
@Injectable()
export class RunBulk {
  constructor(
    private readonly step: BulkStep,
    private readonly failures: BulkFailures,
  ) {}

  /** Stops after `failOnErrors` errors; operations that were not executed have no response. */
  async run(request: ScimRequest, body: unknown): Promise<JsonObject> {
    const { entries, failOnErrors } = readBulk(body);
    const responses = new Map<BulkEntry, JsonObject>();
    const { order, unresolvable } = executionOrder(entries);
    const progress = { ids: new Map<string, string>(), unresolvable };
    let errors = 0;
    for (const group of batchesOf(order, failOnErrors === null)) {
      if (failOnErrors !== null && errors >= failOnErrors) break;
      const done = await Promise.all(group.map((entry) => this.respond(request, entry, progress)));
      errors += done.filter((response) => 'response' in response).length;
      for (const [entry, response] of zip(group, done)) responses.set(entry, response);
    }
    return bulkResponse(
      entries.map((entry) => responses.get(entry)).filter((response) => response !== undefined),
    );
  }

  private async respond(
    request: ScimRequest,
    entry: BulkEntry,
    { ids, unresolvable }: BulkProgress,
  ): Promise<JsonObject> {
    const named = { method: entry.method, ...(entry.bulkId === null ? {} : { bulkId: entry.bulkId }) };
    try {
      if ('error' in entry) throw entry.error;
      if (unresolvable.has(entry)) throw circularReferenceError();
      return { ...named, ...(await this.runStep(request, resolveReferences(entry.operation, ids), ids)) };
    } catch (error) {
      const location = locationOfEntry(entry, ids);
      const where: JsonObject = location === null ? {} : { location: `${request.base}${location}` };
      return { ...named, ...where, ...(await this.failures.explain(request.principal, entry, error)) };
    }
  }

  private async runStep(
    request: ScimRequest,
    operation: BulkOperation,
    ids: Map<string, string>,
  ): Promise<JsonObject> {
    const { id, ...response } = await this.step.run(request.principal, operation);
    if (operation.bulkId !== null) ids.set(operation.bulkId, id);
    return { ...response, location: `${request.base}/${operation.resource}/${id}` };
  }
}

const MAX_BATCH = 50;

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
