import { Injectable } from '@nestjs/common';
import { type BulkEntry, type BulkOperation, bulkResponse, readBulk } from '../protocol/bulk.js';
import {
  placeOfEntry,
  referencesOf,
  refersInCircle,
  resolved,
  workingOrder,
} from '../protocol/bulk-references.js';
import type { JsonObject } from '../protocol/value.js';
import type { ScimCall } from '../scim-call.js';
import { BulkFailures } from './bulk-failures.js';
import { BulkStep } from './bulk-step.js';

/** The ids of what was made so far, by bulkId; and what waits for itself. */
type Known = { readonly ids: Map<string, string>; readonly stuck: ReadonlySet<BulkEntry> };

/** Many operations in one request, each of them done or refused by itself (RFC 7644, section 3.7). */
@Injectable()
export class RunBulk {
  constructor(
    private readonly step: BulkStep,
    private readonly failures: BulkFailures,
  ) {}

  /** Ends early after as many errors as the request allows; what was not tried is not answered. */
  async run(call: ScimCall, body: unknown): Promise<JsonObject> {
    const { entries, failOnErrors } = readBulk(body);
    const answers = new Map<BulkEntry, JsonObject>();
    const { order, stuck } = workingOrder(entries);
    const known = { ids: new Map<string, string>(), stuck };
    let errors = 0;
    for (const group of groupsOf(order, failOnErrors === null)) {
      if (failOnErrors !== null && errors >= failOnErrors) break;
      const done = await Promise.all(group.map((entry) => this.answer(call, entry, known)));
      errors += done.filter((answer) => 'response' in answer).length;
      group.forEach((entry, index) => answers.set(entry, done[index]!));
    }
    return bulkResponse(entries.map((entry) => answers.get(entry)).filter((answer) => answer !== undefined));
  }

  private async answer(call: ScimCall, entry: BulkEntry, { ids, stuck }: Known): Promise<JsonObject> {
    const named = { method: entry.method, ...(entry.bulkId === null ? {} : { bulkId: entry.bulkId }) };
    try {
      if ('error' in entry) throw entry.error;
      if (stuck.has(entry)) throw refersInCircle();
      return { ...named, ...(await this.done(call, resolved(entry.operation, ids), ids)) };
    } catch (error) {
      const place = placeOfEntry(entry, ids);
      const where: JsonObject = place === null ? {} : { location: `${call.base}${place}` };
      return { ...named, ...where, ...(await this.failures.explain(call.principal, entry, error)) };
    }
  }

  private async done(
    call: ScimCall,
    operation: BulkOperation,
    ids: Map<string, string>,
  ): Promise<JsonObject> {
    const { id, ...answer } = await this.step.run(call.principal, operation);
    if (operation.bulkId !== null) ids.set(operation.bulkId, id);
    return { ...answer, location: `${call.base}/${operation.resource}/${id}` };
  }
}

const MOST_TOGETHER = 50;

/** One after the other, but for new users in a row: they are made together, where no error may end it early. */
function groupsOf(entries: readonly BulkEntry[], mayBeTogether: boolean): BulkEntry[][] {
  const groups: BulkEntry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const joins =
      mayBeTogether && isNewUser(entry) && last && isNewUser(last[0]!) && last.length < MOST_TOGETHER;
    if (joins) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

const isNewUser = (entry: BulkEntry): boolean =>
  'operation' in entry &&
  entry.operation.method === 'POST' &&
  entry.operation.resource === 'Users' &&
  referencesOf(entry.operation).size === 0;
