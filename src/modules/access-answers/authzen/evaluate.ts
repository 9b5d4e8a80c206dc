import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { first, getOrThrow, zip } from '../../../common/collections.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { InMemoryRateLimiter } from '../../../database/rate-limits/in-memory-rate-limiter.js';
import { type AccessQuestion, DecideAccess, type DecidedAccess } from '../decisions/decide-access.js';
import { AskingRights } from './asking-rights.js';

/** What cannot be asked, since it is malformed. */
export type Unreadable = { readonly problems: readonly Problem[] };
/** Why one of many evaluations has no decision; it counts as a denial. */
export type NotEvaluated = Unreadable | { readonly refusal: PermissionMissing };

export type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';

/** How many evaluations of one request count as a request of the rate limit. */
const EVALUATIONS_PER_REQUEST = 10;

/** Sections 6 and 7 of the Authorization API 1.0. */
@Injectable()
export class Evaluate {
  constructor(
    private readonly rights: AskingRights,
    private readonly decisions: DecideAccess,
    private readonly limiter: InMemoryRateLimiter,
  ) {}

  /** @throws PermissionMissing */
  async one(principal: OrgPrincipal, question: AccessQuestion): Promise<DecidedAccess> {
    const mayAsk = await this.rights.of(principal);
    if (!mayAsk(question)) throw new PermissionMissing('organization:manage');
    return first(await this.decisions.decide(principal.orgId, [question]));
  }

  /** In the order of the questions, up to the one that decides the whole. @throws TooManyRequests */
  async many(
    principal: OrgPrincipal,
    asked: readonly (AccessQuestion | Unreadable)[],
    semantic: Semantic,
  ): Promise<(DecidedAccess | NotEvaluated)[]> {
    const counted = Math.ceil(asked.length / EVALUATIONS_PER_REQUEST);
    this.limiter.hit('requests of', principal.credential.id, counted - 1); // the request itself was counted as one
    const mayAsk = await this.rights.of(principal);
    const refusal = new PermissionMissing('organization:manage');
    const checked = asked.map((one) => ('problems' in one || mayAsk(one) ? one : { refusal }));
    const questions = checked.flatMap((one) => ('subject' in one ? [one] : []));
    const decided = new Map(zip(questions, await this.decisions.decide(principal.orgId, questions)));
    const results = checked.map((one) => ('subject' in one ? getOrThrow(decided, one) : one));
    return upToDecisive(results, semantic);
  }
}

const DECISIVE: Record<Semantic, boolean | null> = {
  execute_all: null,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
};

/** Section 7.1.2.1. */
function upToDecisive(results: (DecidedAccess | NotEvaluated)[], semantic: Semantic) {
  const isAllowed = (one: DecidedAccess | NotEvaluated) => 'allowed' in one && one.allowed;
  const at = results.findIndex((one) => isAllowed(one) === DECISIVE[semantic]);
  return at < 0 ? results : results.slice(0, at + 1);
}
