import { Injectable } from '@nestjs/common';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { toInstant } from '../../../common/http/operations/instant.js';
import { named, Sql } from '../../../database/transactions/sql.js';

/** $1 instants. Those that are too soon or too late. */
const FIND_REFUSED = named('access_ends_find_refused')`
  select ends_at as at, ends_at < now() + interval '1 minute' as "isTooSoon"
  from unnest($1::timestamptz[]) as e (ends_at)
  where ends_at < now() + interval '1 minute' or ends_at > now() + interval '10 years'`;

/** An end of access that a request names. `loc`: the field. Null is permanent, undefined is not in the request. */
export type RequestedEnd = {
  readonly at: Date | null | undefined;
  readonly loc: Problem['loc'];
};

/** `access_expires_at` of a request: absent stays absent, null is permanent. */
export const requestedEnd = (text: string | null | undefined): Date | null | undefined =>
  text === undefined || text === null ? text : toInstant(text);

/** Whether an end that replaces another one gives or takes (docs/contract/members.md#no-escalation); null: it is the same. */
export function changeOfEnd(before: Date | null, after: Date | null): 'given' | 'taken' | null {
  const [from, to] = [before, after].map((end) => end?.getTime() ?? Infinity) as [number, number];
  if (from === to) return null;
  return from < to ? 'given' : 'taken';
}

@Injectable()
export class AccessEnds {
  constructor(private readonly sql: Sql) {}

  /**
   * In the transaction that sets them: the database's clock is compared.
   *
   * @throws ValidationFailed for every end that is less than a minute or more than ten years away
   */
  async check(requested: readonly RequestedEnd[]): Promise<void> {
    const reasons = await this.reasonsAgainst(requested.map(({ at }) => at));
    if (reasons.size === 0) return;
    throw new ValidationFailed(
      requested.flatMap(({ at, loc }) => {
        const msg = at && reasons.get(at.getTime());
        return msg ? [{ loc, msg, type: 'value_error' }] : [];
      }),
    );
  }

  /** Why these ends are refused, by their time in milliseconds; empty if none is. */
  async reasonsAgainst(
    requested: readonly (Date | null | undefined)[],
  ): Promise<ReadonlyMap<number, string>> {
    const ends = requested.filter((at) => at instanceof Date);
    if (ends.length === 0) return new Map();
    const refused = await this.sql.rows<{ at: Date; isTooSoon: boolean }>(FIND_REFUSED, [ends]);
    return new Map(refused.map(({ at, isTooSoon }) => [at.getTime(), isTooSoon ? TOO_SOON : TOO_LATE]));
  }
}

const TOO_SOON = 'must be at least one minute ahead';
const TOO_LATE = 'must be at most ten years ahead';
