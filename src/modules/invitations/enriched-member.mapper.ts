import { ValidationFailed } from '../../common/errors/validation-failed.js';
import type { EnrichedMembersQuery, OrgMemberEnriched } from '../../contract/enriched-members.js';
import type { EnrichedMembersList } from './enriched-member-statements.js';
import type { EnrichedMember } from './enriched-members.js';

const USUAL_LIMIT = 50;
const LARGEST_LIMIT = 500;
const LARGEST_OFFSET = 2_147_483_647;

/** Throws ValidationFailed: the contract publishes no bounds here, so the wire class has none. */
export const fromEnrichedMembersQuery = (query: EnrichedMembersQuery): EnrichedMembersList => ({
  limit: within('limit', query.limit ?? USUAL_LIMIT, 1, LARGEST_LIMIT),
  offset: within('offset', query.offset ?? 0, 0, LARGEST_OFFSET),
  isActive: query.active_is ?? null,
  isPending: query.pending_is ?? null,
  names: given(query.name_like),
  emails: given(query.email_like),
  orgRoles: given(query.organization_role_like),
  workspaces: given(query.workspace_name_like),
  workspaceRoles: given(query.workspace_role_like),
});

function within(field: string, value: number, minimum: number, maximum: number): number {
  if (value >= minimum && value <= maximum) return value;
  const [msg, type] =
    value < minimum
      ? [`${field} must not be less than ${minimum}`, 'greater_than_equal']
      : [`${field} must not be greater than ${maximum}`, 'less_than_equal'];
  throw new ValidationFailed([{ loc: ['query', field], msg, type }]);
}

/** An empty text filters nothing, as in other lists. */
function given(globs: readonly string[] = []): readonly string[] | null {
  const said = globs.filter((glob) => glob !== '');
  return said.length > 0 ? said : null;
}

/** What there is not is left out: the platform's schemas know no null. */
export const toOrgMemberEnriched = (member: EnrichedMember): OrgMemberEnriched => ({
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
  linked_login_methods: member.logins.map(({ provider, provisioning }) => ({
    provider,
    ...(provisioning === null ? {} : { provisioning }),
  })),
  scim_groups: member.groups.map(({ name, createdAt }) => ({ name, created_at: createdAt.toISOString() })),
  workspace_memberships: member.workspaces.map((place) => ({
    workspace_id: place.workspaceId,
    workspace_name: place.workspaceName,
    role_id: place.roleId,
    role_name: place.roleName,
  })),
});
