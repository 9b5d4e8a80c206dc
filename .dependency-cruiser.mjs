/** Who may import whom. A module that is not listed may import no other. */
const mayImport = {
  audit: [],
  idempotency: [],
  users: ['audit'],
  rbac: ['audit'],
  members: ['users', 'rbac', 'audit', 'idempotency'],
  orgs: ['members', 'rbac', 'users', 'audit'],
  workspaces: ['orgs', 'members', 'rbac', 'users', 'audit'],
  settings: ['workspaces', 'orgs', 'members', 'rbac', 'users', 'audit'],
  invitations: ['settings', 'workspaces', 'orgs', 'members', 'rbac', 'users', 'audit', 'idempotency'],
  auth: ['invitations', 'settings', 'workspaces', 'orgs', 'members', 'rbac', 'users', 'audit', 'idempotency'],
  scim: ['auth', 'invitations', 'settings', 'workspaces', 'orgs', 'members', 'rbac', 'users', 'audit'],
  directory: ['scim', 'invitations', 'workspaces', 'members', 'rbac'],
  instance: ['auth', 'invitations', 'settings', 'workspaces', 'orgs', 'members', 'rbac', 'users', 'audit'],
};

const neighbours = Object.entries(mayImport).map(([module, allowed]) => ({
  name: `${module}-imports-only-what-it-may`,
  severity: 'error',
  from: { path: `^src/modules/${module}/` },
  to: { path: '^src/modules/', pathNot: [module, ...allowed].map((name) => `^src/modules/${name}/`) },
}));

const error = (name, from, to, more = {}) => ({ name, severity: 'error', from, to, ...more });

export default {
  forbidden: [
    ...neighbours,
    error(
      'the-protocol-of-scim-knows-nothing-else',
      { path: '^src/modules/scim/protocol/' },
      { path: '^src/', pathNot: '^src/modules/scim/protocol/' },
    ),
    error(
      'a-module-is-listed',
      {
        path: '^src/modules/([^/]+)/',
        pathNot: Object.keys(mayImport).map((name) => `^src/modules/${name}/`),
      },
      {},
    ),
    error('no-cycles', {}, { circular: true }),
    error('no-folder-cycles', { path: '^src/modules' }, { circular: true }, { scope: 'folder' }),
    error(
      'enter-a-module-by-its-face',
      { path: '^src/modules/([^/]+)/' },
      { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    ),
    error(
      'stay-off-your-own-face',
      { path: '^src/modules/([^/]+)/.+' },
      { path: '^src/modules/$1/index\\.ts$' },
    ),
    error(
      'the-floor-knows-no-module',
      { path: '^src/(common|config|contract|database)/' },
      { path: '^src/modules/' },
    ),
    error(
      'controllers-talk-to-services',
      { path: '\\.controller\\.ts$' },
      { path: '\\.(repository|entity)\\.ts$' },
    ),
    error(
      'the-wire-stays-at-the-edge',
      {
        path: '^src/',
        pathNot: ['\\.(controller|mapper|pipe|reply|spec)\\.ts$', '^src/contract/', '^src/openapi/'],
      },
      { path: '^src/contract/' },
    ),
    error(
      'passwords-are-hashed-in-the-queue',
      { path: '^src/', pathNot: '^src/common/secrets/password-hasher\\.ts$' },
      { path: 'node_modules/@node-rs/argon2' },
    ),
    error(
      'typeorm-stays-in-persistence',
      {
        path: '^src/',
        pathNot: ['^src/database/', '^src/data-source\\.ts$', '\\.(entity|repository)\\.ts$'],
      },
      { path: 'node_modules/typeorm', dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // type imports count too
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: '\\.spec\\.ts$',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
