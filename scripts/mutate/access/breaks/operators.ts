import type { Break } from '../break.ts';

const TOKENS = 'src/modules/scim/tokens/scim-tokens.controller.ts';
const POLICIES = 'src/modules/policies/access-policies.controller.ts';
const SCOPE = 'src/modules/scim/tokens/scim-token-scope.ts';
const GROUP_NAMES = 'src/modules/scim/groups/group-names.ts';

const SCIM_TOKENS = 'test/e2e/scim-tokens.e2e.ts';
const ACCESS_POLICIES = 'test/e2e/access-policies.e2e.ts';
const POLICY_CHANGES = 'test/e2e/access-policy-changes.e2e.ts';
const OPERATOR_TOKENS = 'test/e2e/scim-operator-tokens.e2e.ts';
const USER_GROUP_SYNC = 'test/e2e/user-group-sync.e2e.ts';

/** What operators leave to admins, and what the SCIM tokens reach that operators made earlier (docs/decisions/0022). */
export const OPERATORS: readonly Break[] = [
  {
    id: 'operators.make-no-scim-token',
    file: TOKENS,
    find: `@OrgAdminsOnly(OnlyAdminsManageScimTokens)
  @UseGuards(KeyCreationGuard)
  @Audited('create_scim_token')`,
    replace: `@UseGuards(KeyCreationGuard)
  @Audited('create_scim_token')`,
    why: 'An operator would make a token that reaches further than an operator does.',
    tests: [SCIM_TOKENS],
  },
  {
    id: 'operators.rotate-no-scim-token',
    file: TOKENS,
    find: `@OrgAdminsOnly(OnlyAdminsManageScimTokens)
  @UseGuards(KeyCreationGuard)
  @Audited('rotate_scim_token')`,
    replace: `@UseGuards(KeyCreationGuard)
  @Audited('rotate_scim_token')`,
    why: 'An operator would get the secret of a token that reaches further than an operator does.',
    tests: ['test/e2e/credential-rotation.e2e.ts'],
  },
  {
    id: 'operators.change-no-scim-token',
    file: TOKENS,
    find: `@OrgAdminsOnly(OnlyAdminsManageScimTokens)
  @Audited('update_scim_token')`,
    replace: `@Audited('update_scim_token')`,
    why: 'An operator would rename the token that the identity provider uses.',
    tests: [SCIM_TOKENS],
  },
  {
    id: 'operators.delete-no-scim-token',
    file: TOKENS,
    find: `@OrgAdminsOnly(OnlyAdminsManageScimTokens)
  @Audited('delete_scim_token')`,
    replace: `@Audited('delete_scim_token')`,
    why: 'An operator would end the provisioning of the organization.',
    tests: [SCIM_TOKENS],
  },
  {
    id: 'operators.make-no-policy',
    file: POLICIES,
    find: `@OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('create_access_policy')`,
    replace: `@Audited('create_access_policy')`,
    why: 'An operator would raise every holder of a role by a policy that is always met.',
    tests: [ACCESS_POLICIES],
  },
  {
    id: 'operators.change-no-policy',
    file: POLICIES,
    find: `@OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('update_access_policy')`,
    replace: `@Audited('update_access_policy')`,
    why: 'An operator would turn a denying policy that concerns them into an allowing one.',
    tests: [POLICY_CHANGES],
  },
  {
    id: 'operators.detach-no-policy',
    file: POLICIES,
    find: `@Delete(AT_THE_ROLE)
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)`,
    replace: `@Delete(AT_THE_ROLE)
  @RequirePermission('organization:manage')`,
    why: 'An operator would detach the policy that denies something to them.',
    tests: [POLICY_CHANGES],
  },
  {
    id: 'operators.detach-no-policy-by-body',
    file: POLICIES,
    find: `@Deprecated()
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManagePolicies)`,
    replace: `@Deprecated()
  @RequirePermission('organization:manage')`,
    why: 'An operator would detach the policy that denies something to them, by the earlier path.',
    tests: [POLICY_CHANGES],
  },
  {
    id: 'operators.attach-no-policy',
    file: POLICIES,
    find: `@OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('attach_access_policies')`,
    replace: `@Audited('attach_access_policies')`,
    why: 'An operator would raise every holder of a role by the policy of an admin.',
    tests: [ACCESS_POLICIES],
  },
  {
    id: 'operators.delete-no-policy',
    file: POLICIES,
    find: `@OrgAdminsOnly(OnlyAdminsManagePolicies)
  @Audited('delete_access_policy')`,
    replace: `@Audited('delete_access_policy')`,
    why: 'An operator would delete the policy that denies something to them.',
    tests: [ACCESS_POLICIES],
  },
  {
    id: 'operators.token-accepts-invitations',
    file: SCOPE,
    find: 'if (!isWithinReach) throw new TokenMayNotTouchInvitation();',
    replace: 'void isWithinReach;',
    why: 'The token of an operator would accept the invitation of an admin for somebody else.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-accepts-as-admin',
    file: SCOPE,
    find: `offers.every(({ orgRoleId }) => isOrdinaryRole(orgRoleId)) &&
      (await`,
    replace: '(await',
    why: 'The token of an operator would make an Organization Admin by an invitation.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-revokes-invitations',
    file: SCOPE,
    find: 'if (!offers.every(({ orgRoleId }) => isOrdinaryRole(orgRoleId))) throw new TokenMayNotTouchInvitation();',
    replace: 'void offers;',
    why: 'The token of an operator would revoke the invitation of an admin.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-gives-workspace-roles',
    file: SCOPE,
    find: 'if (excess) throw new TokenMayNotGiveWorkspaceRole(excess.message);',
    replace: 'void excess;',
    why: 'The token of an operator would make workspace admins.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-holds-what-its-maker-holds-now',
    file: 'src/modules/access/loaded-access.ts',
    find: 'if (userId === null || (this.members.get(userId)?.isDisabled ?? true)) return holdingsOf([]);',
    replace: 'if (userId === null) return holdingsOf([]);',
    why: 'The token of a former operator would still give workspace roles.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-reassigns-accounts',
    file: SCOPE,
    find: 'if (excess) throw new TokenMayNotReassignAccount(excess.message);',
    replace: 'void excess;',
    why: 'The token of an operator would hand the account of a workspace admin to another login.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-reassigns-accounts-in-groups',
    file: SCOPE,
    find: 'unique([...memberOf, ...byWorkspace.keys()])',
    replace: 'unique([...memberOf])',
    why: 'The token of an operator would hand over an account that a user group makes a workspace admin.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-ends-memberships',
    file: 'src/modules/scim/roles/group-roles.ts',
    find: '...lost.map((membership) => ({ ...membership, roleId: null }))',
    replace: '...lost.slice(lost.length).map((membership) => ({ ...membership, roleId: null }))',
    why: 'The token of an operator would take a workspace from somebody whom a user group makes its admin.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-fills-followed-groups',
    file: 'src/modules/scim/groups/group-effects.ts',
    find: '...joining.flatMap((id) => changesOf(id, true)),',
    replace: '',
    why: 'The token of an operator would add members to a user group of workspace admins.',
    tests: [USER_GROUP_SYNC],
  },
  {
    id: 'operators.token-empties-followed-groups',
    file: 'src/modules/scim/groups/group-effects.ts',
    find: '...leaving.flatMap((id) => changesOf(id, false)),',
    replace: '',
    why: 'The token of an operator would take roles and policies from members of user groups.',
    tests: [USER_GROUP_SYNC],
  },
  {
    id: 'operators.token-names-groups',
    file: GROUP_NAMES,
    find: 'if (!(await this.tokenScope.mayGiveAll(principal, grants))) throw new TokenMayNotWriteGroup();',
    replace: 'void grants;',
    why: 'The token of an operator would take the name of a group of admins.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-changes-bound-groups',
    file: GROUP_NAMES,
    find: 'if (!(await this.tokenScope.mayGiveAll(principal, grantsOf(group)))) throw new TokenMayNotWriteGroup();',
    replace: '',
    why: 'The token of an operator would add members to a renamed group of admins.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.token-changes-groups',
    file: 'src/modules/scim/groups/scim-groups.service.ts',
    find: 'await this.names.assertMayChange(principal, row);',
    replace: '',
    why: 'The token of an operator would rename or delete a group of workspace admins.',
    tests: [OPERATOR_TOKENS],
  },
  {
    id: 'operators.groups-stay-idle',
    file: 'src/modules/scim/groups/rebind-groups.ts',
    find: '.filter((group) => !grantsRoles(group) || group.makesAdmins);',
    replace: ';',
    why: 'A group that the token of an operator wrote would give roles once its name means something.',
    tests: [OPERATOR_TOKENS, SCIM_TOKENS],
  },
  {
    id: 'operators.groups-written-later',
    file: 'src/modules/scim/groups/scim-groups.service.ts',
    find: 'const makesAdmins = row.makesAdmins && principal.makesAdmins;',
    replace: 'const makesAdmins = row.makesAdmins || principal.makesAdmins;',
    why: 'A group of an admin would stay trusted after the token of an operator has filled it.',
    tests: [OPERATOR_TOKENS],
  },
];
