import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { systemRole } from '../../src/modules/roles/index.js';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

const MIGRATION = 'ExtendCustomRolesByNewPermissions';

/** What custom roles hold, and what the migration adds. */
const SPLIT: [held: string[], added: string[]][] = [
  [['workspaces:manage'], ['workspaces:manage-keys']],
  [['feedback:create'], ['feedback-configs:create']],
  [['feedback:update'], ['feedback-configs:update']],
  [['feedback:delete'], ['feedback-configs:delete']],
  [['datasets:read'], ['datasets:download']],
  [
    ['datasets:create', 'datasets:read'],
    ['datasets:download', 'datasets:clone'],
  ],
  [['datasets:create'], []],
  [['runs:read'], ['runs:read-inputs', 'runs:read-outputs', 'runs:read-stats']],
  [['workspaces:read', 'workspaces:manage-members', 'feedback:read'], []],
  [
    ['runs:read', 'workspaces:manage', 'runs:read-stats'],
    ['workspaces:manage-keys', 'runs:read-inputs', 'runs:read-outputs'],
  ],
];
const SYSTEM_ROLES = ['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const;

/** By name of the system role: what it held before. */
const BEFORE: Record<string, string[]> = {};
/** The ids of custom roles, by what they held before. */
const roles = new Map<string, string>();

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
  const probe = await role([...systemRole('WORKSPACE_ADMIN').permissions]);
  await undoMigration(database, MIGRATION);
  const old: ReadonlySet<string> = new Set(await permissionsOf(probe));
  for (const name of SYSTEM_ROLES)
    BEFORE[name] = systemRole(name).permissions.filter((permission) => old.has(permission));
  const all = [...SPLIT.map(([held]) => held), ...Object.values(BEFORE), withoutCharts()];
  for (const held of all) roles.set(String(held), await role(held));
  await database.runMigrations();
});
afterAll(() => database.destroy());

const withoutCharts = () => BEFORE['WORKSPACE_VIEWER']!.filter((permission) => permission !== 'charts:read');

/** In an organization of its own. Returns the id. */
async function role(permissions: readonly string[]): Promise<string> {
  const [id, orgId] = [randomUUID(), randomUUID()];
  await insertRow(database, 'organizations', { id: orgId, display_name: 'Acme' });
  await insertRow(database, 'roles', {
    ...{ id, org_id: orgId, name: 'CUSTOM', display_name: id, description: '' },
    ...{ access_scope: 'workspace', permissions },
  });
  return id;
}

const permissionsOf = async (id: string): Promise<string[]> =>
  (await database.query('select permissions from roles where id = $1', [id]))[0].permissions;

/** What the role that held these permissions holds now. */
const migrated = (held: readonly string[]) => permissionsOf(roles.get(String(held))!);

it('undoing the migration leaves the 69 workspace permissions of the previous release', () => {
  expect(BEFORE['WORKSPACE_ADMIN']).toHaveLength(69);
  expect(BEFORE['WORKSPACE_VIEWER']).toHaveLength(15);
});

it.each(SPLIT)('a custom role with %j gets %j, behind what it held', async (held, added) => {
  expect(await migrated(held)).toEqual([...held, ...added]);
});

it.each(SYSTEM_ROLES)(
  'a custom role with everything that %s held gets what that role holds now',
  async (name) => {
    const after = await migrated(BEFORE[name]!);

    expect(after.toSorted()).toEqual([...systemRole(name).permissions].sort());
  },
);

it('a custom role without one permission of Viewer gets only what its permissions were split into', async () => {
  const held = withoutCharts();

  expect((await migrated(held)).slice(held.length)).toEqual([
    'datasets:download',
    'runs:read-inputs',
    'runs:read-outputs',
    'runs:read-stats',
  ]);
});

it('running the statement a second time changes nothing', async () => {
  const all = () => database.query('select id, permissions from roles where org_id is not null order by id');
  const before = await all();

  await database.query('delete from migrations where name like $1', [`${MIGRATION}%`]);
  await database.runMigrations();

  expect(await all()).toEqual(before);
});

it('a role that holds new permissions only survives undoing the migration', async () => {
  const id = await role(['fleet-agents:read']);
  await undoMigration(database, MIGRATION);

  expect(await permissionsOf(id)).toEqual(['fleet-agents:read']);
  await database.runMigrations();
});
