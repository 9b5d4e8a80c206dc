import { hash } from 'node:crypto';
import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  UseGuards,
  UseInterceptors,
  createParamDecorator,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccessCache } from '../../../common/access/access-cache.js';
import { declareScimToken } from '../../../common/access/access.decorator.js';
import { InvalidCredential, OrganizationDisabled } from '../../../common/access/access.errors.js';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { required } from '../../../common/collections.js';
import { ApiExcludeController } from '../../../common/http/operations/swagger.decorator.js';
import { looksLikeScimToken } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { LastUsedJob } from '../../../database/jobs/last-used.job.js';
import { InMemoryRateLimiter } from '../../../database/rate-limits/in-memory-rate-limiter.js';
import { acceptsRequest, AddressNotAllowed } from '../../orgs/index.js';
import type { VersionedTarget } from '../protocol/resource.js';
import { type FoundToken, ScimTokensRepository } from '../tokens/scim-tokens.repository.js';
import { ScimJsonInterceptor } from './scim-json.interceptor.js';

/** At the root of the host, never below `/api` (docs/contract/scim.md#protocol). */
export const SCIM_ROOT = 'scim/v2';

export type ScimRequest = {
  readonly principal: ScimPrincipal;
  /** Base URL of SCIM as the client sees it, the prefix of every `location`. */
  readonly base: string;
  readonly query: Record<string, unknown>;
  readonly target: VersionedTarget;
  /** Whether the organization has switched the attribute `roles` on (docs/contract/scim.md#roles). */
  readonly rolesAreEnabled: boolean;
};

declare module 'fastify' {
  interface FastifyRequest {
    scim?: ScimRequest;
  }
}

export const CurrentScimRequest = createParamDecorator((_: unknown, context: ExecutionContext): ScimRequest =>
  required(context.switchToHttp().getRequest<FastifyRequest>().scim, 'the request of a SCIM token'),
);

const BEARER = /^Bearer +(\S+)$/i;

/** From the cache (docs/contract/installation.md#caching) or with one indexed query. */
@Injectable()
export class ScimGuard implements CanActivate {
  constructor(
    private readonly tokens: ScimTokensRepository,
    private readonly cache: AccessCache,
    private readonly lastUsed: LastUsedJob,
    private readonly limiter: InMemoryRateLimiter,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const found = token === undefined ? null : await this.find(token);
    if (token === undefined || !found) throw new InvalidCredential();
    this.lastUsed.markUsed('scim_tokens', found.id);
    this.limiter.hit('scim requests of', found.id);
    let { rightsEndAt } = found;
    const revalidate = async () => {
      ({ rightsEndAt } = await this.findStillValid(token, principal));
    };
    const principal = principalOf(found, request, { revalidate, rightsEndAt: () => rightsEndAt });
    request.actor = principal;
    assertOrgAccepts(found, principal);
    request.principal = principal;
    request.scim = {
      principal,
      base: this.baseFor(request),
      query: request.query as Record<string, unknown>,
      target: {
        id: (request.params as { id?: string }).id ?? '',
        ifMatch: request.headers['if-match'] ?? null,
      },
      rolesAreEnabled: found.scimRolesEnabled,
    };
    return true;
  }

  /** Behind a proxy only the configured URL is right; without it, the URL of the request is used. */
  private baseFor({ protocol, host }: FastifyRequest): string {
    return `${this.config.server.publicUrl ?? `${protocol}://${host}`}/${SCIM_ROOT}`;
  }

  /** Null if the token is unknown, expired or revoked. */
  private async find(token: string): Promise<FoundToken | null> {
    if (!looksLikeScimToken(token)) return null;
    return this.cache.get('scim_tokens', hash('sha256', token, 'base64url'), {
      load: async () => Object.freeze(await this.tokens.findValid(token)),
      endsAt: (found) => found?.endsAt ?? null,
      subjectIds: (found) => (found && !found.orgIsDisabled ? [found.id, found.orgId] : null),
    });
  }

  /** Asks the database, in the transaction of the change. @throws InvalidCredential, and as `assertOrgAccepts` */
  private async findStillValid(token: string, principal: ScimPrincipal): Promise<FoundToken> {
    const found = await this.tokens.findValid(token);
    if (!found) throw new InvalidCredential();
    assertOrgAccepts(found, principal);
    return found;
  }
}

/** @throws OrganizationDisabled, AddressNotAllowed */
function assertOrgAccepts({ orgIsDisabled, orgIpAllowlist }: FoundToken, { request }: ScimPrincipal): void {
  if (orgIsDisabled) throw new OrganizationDisabled();
  if (!acceptsRequest(orgIpAllowlist, { sessionMethod: null, address: request.clientHost }))
    throw new AddressNotAllowed();
}

/** The principal holds no permission: SCIM defines what it may do. */
const principalOf = (
  found: FoundToken,
  request: FastifyRequest,
  checked: Pick<ScimPrincipal, 'revalidate' | 'rightsEndAt'>,
): ScimPrincipal => ({
  kind: 'service',
  credential: { kind: 'scim-token', id: found.id },
  userId: null,
  email: null,
  orgId: found.orgId,
  orgRole: null,
  makesAdmins: found.makesAdmins,
  madeByUserId: found.createdByUserId,
  workspaceId: null,
  workspaceRole: null,
  key: null,
  sessionMethod: null,
  usesReplacedSecret: () => false, // creates and rotates nothing
  isOrgExplicit: true,
  request: requestMetadata(request),
  needs: [],
  can: () => false,
  loaded: () => null,
  ...checked,
});

/** A controller below `/scim/v2` with its access rule and guard, so that neither can be forgotten. */
export const ScimController = (path = '') =>
  applyDecorators(
    Controller(`${SCIM_ROOT}${path}`),
    declareScimToken(),
    UseGuards(ScimGuard),
    UseInterceptors(ScimJsonInterceptor),
    ApiExcludeController(), // described by /Schemas, not by OpenAPI
  );
