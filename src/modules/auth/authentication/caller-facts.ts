import type { GuardedRule } from '../../../common/access/access-rule.decorator.js';
import type { Principal } from '../../../common/access/principal.js';
import { getOrCreate } from '../../../common/collections.js';
import { resolveAccessContext } from './access-context.js';
import type { CredentialRow } from './principals.repository.js';
import type { RequestedContext } from './requested-context.js';

/** What a principal says of its caller, without anything of the single request. */
export type CallerFacts = Readonly<Omit<Principal, 'facts' | 'request' | 'can' | 'revalidate'>>;

/**
 * The facts of callers by what was read of them, which is one object while it is cached. A row belongs to one requested
 * context (`CallerCache`).
 */
export class KnownCallerFacts {
  private readonly byRow = new WeakMap<CredentialRow, Map<GuardedRule, CallerFacts>>();

  /** @throws ContextForbidden and what else `resolveAccessContext` throws */
  of(found: CredentialRow, requested: RequestedContext, rule: GuardedRule): CallerFacts {
    const known = this.byRow.get(found);
    if (known) return getOrCreate(known, rule, () => factsOf(found, requested, rule));
    const facts = factsOf(found, requested, rule);
    this.byRow.set(found, new Map([[rule, facts]]));
    return facts;
  }
}

const factsOf = (found: CredentialRow, requested: RequestedContext, rule: GuardedRule): CallerFacts => ({
  kind: found.kind === 'service-key' ? 'service' : 'user',
  credential: { kind: found.kind, id: found.credentialId },
  userId: found.userId,
  sessionMethod: found.sessionMethod,
  email: found.email,
  isOrgExplicit: requested.orgId !== null,
  ...resolveAccessContext(found, requested, rule),
});
