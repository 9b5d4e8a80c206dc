import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential, RightsChanged } from '../../common/access/access.errors.js';
import type { GuardedRule } from '../../common/access/access-rule.js';
import type { CredentialKind, Principal, Recognised } from '../../common/access/principal.js';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import { requestFacts } from '../../common/http/request-facts.js';
import { KeysLastUsed } from './api-keys/keys-last-used.js';
import { Caller } from './caller.js';
import { type Credential, credentialOf } from './credential.js';
import { KnownCallers } from './known-callers.js';
import { LimitRequests } from './limit-requests.js';
import { hasSameRights, placeOf } from './place.js';
import type { FoundCaller } from './principals.repository.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { NO_CONTEXT, wantedContext } from './wanted-context.js';

/** Credential and context of a request → who is calling, where, and with which roles; one query. */
@Injectable()
export class PrincipalLoader {
  constructor(
    private readonly callers: KnownCallers,
    private readonly cookie: SessionCookie,
    private readonly lastUsed: KeysLastUsed,
    private readonly requests: LimitRequests,
  ) {}

  /**
   * Throws InvalidCredential, then TooManyRequests, then ContextNotYours, then what is malformed
   * (contract decision 43).
   */
  async load(credential: Credential, rule: GuardedRule, request: FastifyRequest): Promise<Principal> {
    const wanted = wantedContext(rule, request);
    const found = await this.callers.recognise(credential, wanted);
    if (!found) throw new InvalidCredential();
    if (found.kind !== 'session') this.lastUsed.note(found.credentialId);
    this.requests.hit(found.credentialId);
    request.recognised = recognised(found, request);
    const place = placeOf(found, wanted, rule);
    if (wanted.problems.length > 0) throw new ValidationFailed(wanted.problems);
    return new Caller({
      ...request.recognised,
      ...place,
      kind: found.kind === 'service-key' ? 'service' : 'user',
      sessionMethod: found.sessionMethod,
      email: found.email,
      orgWasNamed: wanted.orgId !== null,
      confirm: async () => {
        const now = await this.callers.again(found, credential, wanted);
        if (!now) throw new InvalidCredential();
        if (!hasSameRights(placeOf(now, wanted, rule), place)) throw new RightsChanged();
      },
    });
  }

  /** Whether the request shows a valid credential; for a public route that a setting may close. */
  async isRecognised({ headers }: Pick<FastifyRequest, 'headers'>): Promise<boolean> {
    const credential = credentialOf(headers, this.cookie);
    return credential !== null && (await this.callers.recognise(credential, NO_CONTEXT)) !== null;
  }
}

const recognised = (found: FoundCaller & { kind: CredentialKind }, request: FastifyRequest): Recognised => ({
  credential: { kind: found.kind, id: found.credentialId },
  userId: found.userId,
  orgId: found.orgId,
  workspaceId: found.workspaceId,
  request: requestFacts(request),
});
