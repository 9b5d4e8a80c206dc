import { Body, Controller, type PipeTransform, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiBody, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { tooLong, validated } from '../../../common/http/operations/validation.pipe.js';
import {
  ActionSearchRequest,
  ActionSearchResponse,
  type AuthzenResource,
  Evaluation,
  EvaluationRequest,
  EvaluationsRequest,
  EvaluationsResponse,
  MAX_EVALUATIONS,
  ResourceSearchRequest,
  ResourceSearchResponse,
  SubjectSearchRequest,
  SubjectSearchResponse,
} from '../../../contract/authzen.js';
import { AskersOnlyGuard } from './askers-only.guard.js';
import { Evaluate } from './evaluate.js';
import {
  fromEvaluation,
  fromEvaluationOfMany,
  isPermission,
  isSubjectKind,
  toEvaluation,
  toPermission,
  toResource,
  toSubject,
} from './question.mapper.js';
import { isUserPosition, SearchAccess } from './search-access.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { isUuid } from '../../../common/http/operations/value-checks.js';
import { type Found, SearchPage } from './search-page.js';
import type { FastifyReply, FastifyRequest } from 'fastify';

type ManyEvaluations = { request: Omit<EvaluationsRequest, 'evaluations'>; evaluations: readonly unknown[] };

/** Leaves the evaluations unchecked, since a malformed one is denied and does not refuse the others. */
class EvaluationsPipe implements PipeTransform {
  transform(body: unknown): ManyEvaluations | EvaluationRequest {
    const { evaluations, ...others } = (body ?? {}) as { evaluations?: unknown };
    const isList = Array.isArray(evaluations);
    if (isList && evaluations.length > MAX_EVALUATIONS)
      throw new ValidationFailed([tooLong(['body', 'evaluations'], MAX_EVALUATIONS, evaluations.length)]);
    const request = validated(EvaluationsRequest, isList ? others : body, ['body']);
    if (!isList || evaluations.length === 0) return validated(EvaluationRequest, body, ['body']);
    return { request, evaluations };
  }
}

/** OpenID AuthZEN Authorization API 1.0 (docs/contract/authzen.md). Not in the published API. */
@ApiTags('authzen')
@Controller('access/v1')
@UseGuards(AskersOnlyGuard)
@Problems('authzen')
@Refuses('permission_missing')
export class AuthzenController {
  constructor(
    private readonly evaluate: Evaluate,
    private readonly search: SearchAccess,
  ) {}

  @Post('evaluation')
  @OrgQuery('in-org', Evaluation)
  async evaluateAccess(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: EvaluationRequest) {
    return toEvaluation(showsNames(principal))(await this.evaluate.one(principal, fromEvaluation(body)));
  }

  @Post('evaluations')
  @OrgQuery('in-org', EvaluationsResponse)
  @ApiBody({ type: EvaluationsRequest })
  async evaluateAccessMany(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(new EvaluationsPipe()) body: ManyEvaluations | EvaluationRequest,
  ): Promise<EvaluationsResponse> {
    if (!('evaluations' in body)) return this.evaluateAccess(principal, body);
    const { options, ...defaults } = body.request;
    const asked = body.evaluations.map((given, index) => fromEvaluationOfMany(defaults, given, index));
    const semantic = options?.evaluations_semantic ?? 'execute_all';
    const results = await this.evaluate.many(principal, asked, semantic);
    return { evaluations: results.map(toEvaluation(showsNames(principal))) };
  }

  // searches: section 8 (docs/contract/authzen.md#searches)

  @Post('search/subject')
  @OrgQuery('in-org', SubjectSearchResponse)
  async searchSubjects(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: SubjectSearchRequest) {
    const { kind, asked, page } = fromSubjectSearch(principal.orgId, body);
    await this.search.assertMaySearch(principal, asked.workspaceId);
    return toResults(await this.search.subjects(principal.orgId, kind, asked, page), (subject) => subject);
  }

  @Post('search/resource')
  @OrgQuery('in-org', ResourceSearchResponse)
  async searchResources(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: ResourceSearchRequest) {
    const { asked, page } = fromResourceSearch(principal.orgId, body);
    await this.search.assertMaySearch(principal, null);
    const found = await this.search.workspaces(principal.orgId, asked, page);
    return toResults(found, (id) => ({ type: 'workspace', id }));
  }

  @Post('search/action')
  @OrgQuery('in-org', ActionSearchResponse)
  async searchActions(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: ActionSearchRequest) {
    const { asked, page } = fromActionSearch(principal.orgId, body);
    await this.search.assertMaySearch(principal, asked.workspaceId);
    return toResults(await this.search.permissions(principal.orgId, asked, page), (name) => ({ name }));
  }
}

const showsNames = (principal: OrgPrincipal): boolean => principal.can('organization:manage');

/** @throws ValidationFailed */
function fromSubjectSearch(orgId: string, { subject, action, resource, page }: SubjectSearchRequest) {
  const { isKnown, ...where } = placeOf(resource);
  const asked = { ...where, permission: isKnown ? toPermission(action) : null };
  const scope = [orgId, 'subject', subject.type, asked];
  const isPosition = subject.type === 'user' ? isUserPosition : isUuid;
  const kind = isSubjectKind(subject.type) ? subject.type : null;
  return { kind, asked, page: toPage(page, scope, isPosition) };
}

/** @throws ValidationFailed */
function fromResourceSearch(orgId: string, { subject, action, resource, page }: ResourceSearchRequest) {
  const permission = resource.type === 'workspace' ? toPermission(action) : null;
  const asked = { subject: toSubject(subject), permission };
  return { asked, page: toPage(page, [orgId, 'resource', asked], isUuid) };
}

/** @throws ValidationFailed */
function fromActionSearch(orgId: string, { subject, resource, page }: ActionSearchRequest) {
  const { isKnown, ...where } = placeOf(resource);
  const asked = { ...where, subject: toSubject(subject) };
  return { asked: { ...asked, isKnown }, page: toPage(page, [orgId, 'action', asked], isPermission) };
}

/** @throws ValidationFailed */
function placeOf(resource: AuthzenResource) {
  const problems: Problem[] = [];
  const where = toResource(resource, ['body'], problems);
  if (!where) throw new ValidationFailed(problems);
  return where;
}

const DEFAULT_LIMIT = 20;

const toPage = (
  page: SubjectSearchRequest['page'],
  scope: readonly unknown[],
  isPosition: (position: string) => boolean,
): SearchPage => new SearchPage(page?.token ?? '', page?.limit ?? DEFAULT_LIMIT, scope, isPosition);

const toResults = <Item, Result>({ items, nextToken }: Found<Item>, toResult: (item: Item) => Result) => ({
  page: { next_token: nextToken, count: items.length },
  results: items.map(toResult),
});

export const AUTHZEN_PATH = '/access/v1/';

const PRINTABLE = /^[ -~]{1,1024}$/;

/** Sends the caller's `X-Request-ID` back (Authorization API 1.0, section 10.1.9), if possible; our id is in `X-Trace-Id`. */
export function echoRequestId({ id, headers }: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-trace-id', id);
  const given = headers['x-request-id'];
  if (typeof given === 'string' && PRINTABLE.test(given)) void reply.header('x-request-id', given);
}
