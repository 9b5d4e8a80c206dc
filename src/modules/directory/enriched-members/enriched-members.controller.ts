import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { page } from '../../../common/lists/list.reply.js';
import { toInstant } from '../../../common/http/operations/instant.js';
import { PlatformErrors } from '../../../common/http/operations/operation.decorator.js';
import { ApiResponse, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { EnrichedMembersQuery, OrgMemberEnriched } from '../../../contract/directory.js';
import { mailOf, type PendingMember } from '../../invitations/index.js';
import type { EnrichedMembersList } from './enriched-member-filter.statements.js';
import { EnrichedMembers, canSeeAllWorkspaces, type EnrichedMember } from './enriched-members.read-model.js';

const TEXT = { schema: { type: 'string' } } as const;

@ApiTags('orgs')
@Controller('v1/platform/orgs/current/members')
export class EnrichedMembersController {
  constructor(private readonly members: EnrichedMembers) {}

  @Get()
  @OrgQuery('organization:read')
  @ApiResponse({
    status: 200,
    description: 'Success',
    type: [OrgMemberEnriched],
    headers: { 'X-Pagination-Total': TEXT, 'X-Members-List-All-Workspaces': TEXT },
  })
  @PlatformErrors(400, 401, 500)
  async listEnrichedMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: EnrichedMembersQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    void reply.header('X-Members-List-All-Workspaces', String(canSeeAllWorkspaces(principal)));
    const { rows, total } = await this.members.list(principal, fromEnrichedMembersQuery(query));
    return page(rows.map(toOrgMemberEnriched), total);
  }
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const MAX_OFFSET = 2_147_483_647;

/** The contract publishes no bounds, so they are checked here. @throws ValidationFailed */
const fromEnrichedMembersQuery = (query: EnrichedMembersQuery): EnrichedMembersList => ({
  limit: assertWithin('limit', query.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT),
  offset: assertWithin('offset', query.offset ?? 0, 0, MAX_OFFSET),
  isActive: query.active_is ?? null,
  isPending: query.pending_is ?? null,
  names: emptyToNull(query.name_like),
  emails: emptyToNull(query.email_like),
  orgRoles: emptyToNull(query.organization_role_like),
  workspaces: emptyToNull(query.workspace_name_like),
  workspaceRoles: emptyToNull(query.workspace_role_like),
  ids: query.id_in ?? null,
  hasEnd: query.has_access_end ?? null,
  endsBefore: query.access_expires_before === undefined ? null : toInstant(query.access_expires_before),
  includesEnded: query.include_expired ?? false,
});

function assertWithin(field: string, value: number, minimum: number, maximum: number): number {
  if (value >= minimum && value <= maximum) return value;
  const [msg, type] =
    value < minimum
      ? [`${field} must not be less than ${minimum}`, 'greater_than_equal']
      : [`${field} must not be greater than ${maximum}`, 'less_than_equal'];
  throw new ValidationFailed([{ loc: ['query', field], msg, type }]);
}

/** An empty string does not filter, as in other lists. */
function emptyToNull(globs: readonly string[] = []): readonly string[] | null {
  const nonEmpty = globs.filter((glob) => glob !== '');
  return nonEmpty.length > 0 ? nonEmpty : null;
}

/** Absent values are omitted: the schemas of the platform API have no null. */
const toOrgMemberEnriched = (member: EnrichedMember): OrgMemberEnriched => ({
  id: member.id,
  email: member.email,
  created_at: member.createdAt.toISOString(),
  is_pending: member.isPending,
  is_disabled: member.isDisabled,
  role_id: member.roleId,
  role_name: member.roleName,
  ...(member.userId === null ? {} : { ls_user_id: member.userId }),
  ...(member.fullName === null ? {} : { display_name: member.fullName }),
  ...(member.avatarUrl === null ? {} : { avatar_url: member.avatarUrl }),
  ...(member.lastActiveAt === null ? {} : { last_active_at: member.lastActiveAt.toISOString() }),
  ...(member.endsAt === null ? {} : { access_expires_at: member.endsAt.toISOString() }),
  ...(member.revertsToRoleId === null ? {} : { reverts_to_role_id: member.revertsToRoleId }),
  ...(member.hasEnded ? { access_has_ended: true } : {}),
  ...deliveryOf(member.pending),
  linked_login_methods: member.logins.map(({ provider, provisioning }) => ({
    provider,
    ...(provisioning === null ? {} : { provisioning }),
  })),
  scim_groups: member.groups.map(({ name, createdAt }) => ({
    name,
    created_at: new Date(createdAt).toISOString(),
  })),
  workspace_memberships: member.workspaces.map((workspace) => ({
    workspace_id: workspace.workspaceId,
    workspace_name: workspace.workspaceName,
    role_id: workspace.roleId,
    role_name: workspace.roleName,
    ...(workspace.endsAt === null ? {} : { access_expires_at: new Date(workspace.endsAt).toISOString() }),
    ...(workspace.revertsToRoleId === null ? {} : { reverts_to_role_id: workspace.revertsToRoleId }),
  })),
  ...(member.foundBy ? { found_by: [...member.foundBy] } : {}),
});

const deliveryOf = (pending: PendingMember | null) => ({
  ...(pending === null ? {} : { mail: mailOf(pending) }),
  ...(pending?.refusedAt
    ? { mail_refused_at: pending.refusedAt.toISOString(), mail_refusal_code: pending.refusalCode ?? '' }
    : {}),
  ...(pending?.linkMadeAt ? { link_made_at: pending.linkMadeAt.toISOString() } : {}),
});
