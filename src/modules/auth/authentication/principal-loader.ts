import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential, RightsChanged } from '../../../common/access/access.errors.js';
import type { GuardedRule } from '../../../common/access/access.guard.js';
import type { CallerRead } from '../../../common/access/caller-read.js';
import type { AuthenticatedActor, NeededPermission, Principal } from '../../../common/access/principal.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { LastUsedJob } from '../../../database/jobs/last-used.job.js';
import { InMemoryRateLimiter } from '../../../database/rate-limits/in-memory-rate-limiter.js';
import {
  type Credential,
  credentialOf,
  NO_CONTEXT,
  type RequestedContext,
  requestedContext,
  withoutWorkspace,
} from './request-headers.js';
import { CredentialResolver } from './credential-resolver.js';
import { hasSameRights, isPermitted, resolveAccessContext } from './access-context.js';
import type { CredentialRow } from './principals.repository.js';
import { SessionCookie } from '../../sessions/index.js';

/** Where the last use of a credential is noted. */
const TABLES: Readonly<Record<CredentialRow['kind'], string>> = {
  session: 'sessions',
  'personal-access-token': 'api_keys',
  application: 'oauth_grants',
  'service-key': 'api_keys',
};

/** Loads the principal of a request from its credential and requested context, with one query. */
@Injectable()
export class PrincipalLoader {
  constructor(
    private readonly credentials: CredentialResolver,
    private readonly cookie: SessionCookie,
    private readonly lastUsed: LastUsedJob,
    private readonly limiter: InMemoryRateLimiter,
  ) {}

  /**
   * Checks in the order of docs/contract/http.md#order-of-checks.
   *
   * @throws InvalidCredential, then TooManyRequests, then SessionOfAnotherUser, then ContextForbidden, then ValidationFailed
   */
  async load(credential: Credential, rule: GuardedRule, request: FastifyRequest): Promise<Principal> {
    const { found, requested } = await this.resolve(credential, requestedContext(rule, request));
    if (!found) throw new InvalidCredential();
    this.lastUsed.markUsed(TABLES[found.kind], found.credentialId);
    this.limiter.hit('requests of', found.credentialId);
    request.actor = toActor(found, request);
    if (credential.kind === 'cookie') this.cookie.assertUserOfPage(request, found.userId);
    const { clientHost } = request.actor.request;
    const access = resolveAccessContext(found, requested, rule, clientHost);
    if (requested.problems.length > 0) throw new ValidationFailed(requested.problems);
    if (found.membershipId && rule.context !== 'none')
      this.lastUsed.markUsed('member_activity', found.membershipId);
    let { secretIsReplaced, rightsEndAt } = found;
    return {
      kind: found.kind === 'service-key' ? 'service' : 'user',
      credential: request.actor.credential,
      sessionMethod: found.sessionMethod,
      userId: found.userId,
      email: found.email,
      usesReplacedSecret: () => secretIsReplaced,
      rightsEndAt: () => rightsEndAt,
      needs: neededBy(rule, access.workspaceId),
      isOrgExplicit: requested.orgId !== null,
      ...access,
      request: request.actor.request,
      madeByUserId: found.madeByUserId,
      can: (permission) => isPermitted(access, permission),
      loaded: <Value>(read: CallerRead<Value>) =>
        requested.reads === read && found.loaded ? (found.loaded.value as Value) : null,
      revalidate: async () => {
        const current = await this.credentials.reload(found, credential, requested);
        if (!current) throw new InvalidCredential();
        const currentAccess = resolveAccessContext(current, requested, rule, clientHost);
        if (current.hasEnded || !hasSameRights(currentAccess, access)) throw new RightsChanged();
        ({ secretIsReplaced, rightsEndAt } = current);
      },
    };
  }

  /** A workspace that is not found, where it may be a deleted one, is left to the handler. */
  private async resolve(credential: Credential, requested: RequestedContext) {
    const found = await this.credentials.resolve(credential, requested);
    if (!found || found.workspaceId || !requested.includesDeleted) return { found, requested };
    const inOrg = withoutWorkspace(requested);
    return { found: await this.credentials.resolve(credential, inOrg), requested: inOrg };
  }

  /** Whether the request has a valid credential; for a public route that a setting may restrict. */
  async isAuthenticated({ headers }: Pick<FastifyRequest, 'headers'>): Promise<boolean> {
    const credential = credentialOf(headers, this.cookie);
    return credential !== null && (await this.credentials.resolve(credential, NO_CONTEXT)) !== null;
  }
}

const neededBy = (rule: GuardedRule, workspaceId: string | null): NeededPermission[] => {
  if (rule.kind !== 'permission') return [];
  const { permission } = rule;
  return [{ permission, workspaceId: permission.startsWith('organization:') ? null : workspaceId }];
};

const toActor = (found: CredentialRow, request: FastifyRequest): AuthenticatedActor => ({
  credential: { kind: found.kind, id: found.credentialId },
  userId: found.userId,
  orgId: found.orgId,
  workspaceId: found.workspaceId,
  request: requestMetadata(request),
});
