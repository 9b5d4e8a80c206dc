import type { Break } from '../break.ts';

const RIGHTS = 'src/modules/auth/api-keys/service-keys/service-key-rights.ts';
const REPOSITORY = 'src/modules/auth/api-keys/api-keys.repository.ts';
const CHANGE = 'src/modules/auth/api-keys/service-keys/change-service-key.ts';

/** Service keys, personal access tokens and service accounts. That they end is in `callers.ts`. */
export const KEYS: readonly Break[] = [
  {
    id: 'keys.role-above-maker',
    file: RIGHTS,
    find: `if (!own.every((one) => mayGrant(one, permissions))) throw new RoleNotGrantable(displayName);`,
    replace: `void [own, permissions, displayName, mayGrant, RoleNotGrantable];`,
    why: 'An editor could make a key that is admin of the workspace.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'keys.organization-wide',
    file: RIGHTS,
    find: `if (scopes.some(({ workspaceIds }) => !workspaceIds?.length) && !isOrgAdmin(principal))
      throw new OnlyAdminsManageOrgWideKeys();`,
    replace: ``,
    why: 'A member could make a key for the whole organization.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'keys.workspaces-of-this-organization',
    file: RIGHTS,
    find: 'if (unknown) throw new WorkspaceNotFound(unknown);',
    replace: '',
    why: 'A key could name workspaces of other organizations.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'keys.list-of-this-organization',
    file: REPOSITORY,
    find: `this.keys.find({ where: { orgId, kind: 'service' }, order: NEWEST_FIRST })`,
    replace: `this.keys.find({ where: { kind: 'service' }, order: NEWEST_FIRST })`,
    why: 'The list would show the service keys of other organizations.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'keys.revocation',
    file: REPOSITORY,
    find: 'const { affected } = await this.keys.delete({ orgId, id });',
    replace: 'const { affected } = { affected: orgId && id ? 1 : 0 };',
    why: 'A deleted key would go on working.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'keys.of-this-workspace',
    file: 'src/modules/auth/api-keys/service-keys/service-keys.service.ts',
    find: 'if (inWorkspace && !scoped.workspaceIds.includes(inWorkspace)) throw new ApiKeyNotFound();',
    replace: '',
    why: 'The route of one workspace would delete keys of another one.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'keys.changed-beyond-maker',
    file: CHANGE,
    find: `await this.rights.assertMayManage(
        principal,
        isOrgWide ? null : requested.workspaceIds,
        workspaceRoleId!,
      );`,
    replace: 'void isOrgWide;',
    why: 'A key could be raised to a role or a workspace that its changer does not have.',
    tests: ['test/e2e/change-service-key.e2e.ts'],
  },
  {
    id: 'keys.changes-itself',
    file: CHANGE,
    find: `if (principal.credential.id === id) throw new KeyCannotChangeItself();`,
    replace: '',
    why: 'A leaked key could widen itself.',
    tests: ['test/e2e/change-service-key.e2e.ts'],
  },
  {
    id: 'keys.roles-changed-by-operator',
    file: CHANGE,
    find: `if (isOperator && (change.workspaceRoleId || change.orgRoleId)) throw new OperatorCannotChangeRoles();`,
    replace: 'void isOperator;',
    why: 'An Organization Operator could change the role of a key.',
    tests: ['test/e2e/change-service-key.e2e.ts'],
  },
  {
    id: 'keys.token-of-its-owner',
    file: REPOSITORY,
    find: `return this.keys.findOneBy({ orgId, kind: 'pat', userId, id });`,
    replace: `return this.keys.findOneBy({ orgId, kind: 'pat', id });`,
    why: 'Members could delete the tokens of others.',
    tests: ['test/e2e/personal-access-tokens.e2e.ts'],
  },
  {
    id: 'keys.tokens-of-their-owner',
    file: REPOSITORY,
    find: `this.keys.find({ where: { orgId, kind: 'pat', userId }, order: NEWEST_FIRST })`,
    replace: `this.keys.find({ where: { orgId, kind: 'pat' }, order: NEWEST_FIRST })`,
    why: 'Members would see the tokens of others.',
    tests: ['test/e2e/personal-access-tokens.e2e.ts'],
  },
  {
    id: 'keys.token-default-workspace',
    file: 'src/modules/auth/api-keys/personal-access-tokens/personal-access-tokens.service.ts',
    find: `if (!existing.has(workspaceId) || !held?.size) throw new WorkspaceNotFound(workspaceId);`,
    replace: `if (!existing.has(workspaceId)) throw new WorkspaceNotFound(workspaceId);`,
    why: 'Members would learn which workspaces exist that they are not in.',
    tests: ['test/e2e/personal-access-tokens.e2e.ts'],
  },
  {
    id: 'keys.tokens-switched-off-by-operator',
    file: 'src/modules/auth/api-keys/personal-access-tokens/pat-creation.guard.ts',
    find: `if (this.config.flags.patCreationDisabled) throw new PatCreationDisabledByOperator();`,
    replace: '',
    why: 'Tokens could be made although the installation forbids it.',
    tests: ['test/e2e/personal-access-tokens.e2e.ts'],
  },
  {
    id: 'keys.tokens-switched-off-under-the-lock',
    file: 'src/modules/auth/api-keys/api-keys.service.ts',
    find: `if (stored.kind === 'pat' && org.patCreationDisabled) throw new PatCreationDisabledByOrg();`,
    replace: '',
    why: 'A token could be made at the moment when the organization forbids tokens.',
    tests: ['test/e2e/rights-recheck-under-lock.e2e.ts'],
  },
  {
    id: 'keys.service-account-above-maker',
    file: 'src/modules/auth/api-keys/service-accounts/assignments.ts',
    find: 'if (role && held && !mayGrant(held, role.permissions)) refusals.push(forbidden(row, role));',
    replace: '',
    why: 'A service account could get a role above that of whoever makes it.',
    tests: ['test/e2e/service-accounts.e2e.ts'],
  },
];
