import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Refuses } from '../../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../../common/http/operations/swagger.decorator.js';
import { OptionalBody } from '../../../../common/http/operations/body.decorator.js';
import { ValidationFailed } from '../../../../common/errors/errors.js';
import { fromRequested, requirementProblems } from '../../../orgs/index.js';
import { PathUuid } from '../../../../common/http/operations/uuid.pipe.js';
import { TestSignInRequest } from '../../../../contract/organizations.js';
import { TestSignIn, TestSignInResult } from '../../../../contract/sign-in.js';
import { adminsOnly } from '../../../roles/index.js';
import { BrowserSession } from '../../../sessions/index.js';
import { OnlyAdminsTestSignIn } from '../core/errors.js';
import { TestSignInsService } from './test-sign-ins.service.js';
import type { TestOutcome } from './test-outcome.js';

/** Not in the published API. Needs a session, since the browser that asks is the one that returns from the provider. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/sso-settings/test-sign-in')
export class TestSignInController {
  constructor(
    private readonly tests: TestSignInsService,
    private readonly browserSession: BrowserSession,
  ) {}

  @Post()
  @OrgCommand(adminsOnly(OnlyAdminsTestSignIn), 'get_sso_settings_current', TestSignIn, {
    status: 201,
    sessionOnly: true,
  })
  @Refuses('not_the_default_org', 'sso_disabled')
  async startTestSignIn(
    @CurrentPrincipal() principal: OrgPrincipal,
    @OptionalBody(TestSignInRequest) body: TestSignInRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TestSignIn> {
    this.browserSession.assertMayBeOpened(request);
    const problems = requirementProblems(body);
    if (problems.length > 0) throw new ValidationFailed(problems);
    const { id, url, expiresAt, setCookie } = await this.tests.start(principal, fromRequested(body));
    void reply.header('set-cookie', setCookie);
    return { test_id: id, url, expires_at: expiresAt.toISOString() };
  }

  @Get(':test_id')
  @OrgQuery(adminsOnly(OnlyAdminsTestSignIn), TestSignInResult, { sessionOnly: true })
  @Refuses('test_sign_in_not_found')
  async readTestSignIn(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('test_id') id: string,
  ): Promise<TestSignInResult> {
    const { expiresAt, outcome } = await this.tests.read(principal, id);
    return { test_id: id, expires_at: expiresAt.toISOString(), ...toTestSignInResult(outcome) };
  }
}

type Outcome = Omit<TestSignInResult, 'test_id' | 'expires_at'>;

const toTestSignInResult = (outcome: TestOutcome): Outcome => ({
  status: outcome.status,
  failure: outcome.failure && { ...outcome.failure },
  claims: outcome.claims.map(({ usedFor, name, value }) => ({ used_for: usedFor, name, value })),
  other_claims: [...outcome.otherClaims],
  rule: outcome.rule,
  account: outcome.account,
  user_id: outcome.userId,
  defaults: outcome.defaults,
  rights: outcome.rights.map((right) => ({
    workspace_id: right.workspaceId,
    workspace_name: right.workspaceName,
    role_id: right.roleId,
    role_name: right.roleName,
    source: right.source,
    change: right.change,
  })),
  groups_state: outcome.groupsState,
  groups: outcome.groups.map((group) => ({
    name: group.name,
    meaning: group.meaning,
    workspace_id: group.workspaceId,
    workspace_name: group.workspaceName,
    role_id: group.roleId,
    role_name: group.roleName,
    is_followed: group.isFollowed,
  })),
});
