import { describe, expect, it } from '@jest/globals';
import { ALL_WORKSPACE_PERMISSIONS } from '../../common/access/permissions.js';
import { SYSTEM_ROLES, systemRole } from './system-roles.js';

/** The matrix of docs/contract/roles.md#role-matrix: resource, actions, and whether Admin, Editor and Viewer hold them. */
const MATRIX = `
  workspaces         read                                               y y y
  workspaces         manage manage-members manage-secrets               y - -
  workspaces         manage-model-configs                               y - -
  projects           read                                               y y y
  projects           update increase-trace-tier decrease-trace-tier     y y -
  projects           create delete                                      y - -
  runs               read                                               y y y
  runs               create share                                       y y -
  runs               delete                                             y - -
  datasets           read                                               y y y
  datasets           create update                                      y y -
  datasets           delete share                                       y - -
  experiments        run                                                y y -
  prompts            read                                               y y y
  prompts            create update delete share                         y y -
  feedback           read                                               y y y
  feedback           create update delete                               y y -
  annotation-queues  read                                               y y y
  annotation-queues  create update                                      y y -
  annotation-queues  delete                                             y - -
  rules              read                                               y y y
  rules              create update delete                               y y -
  charts             read                                               y y y
  charts             create update delete                               y y -
  deployments        read                                               y y y
  deployments        create update                                      y y -
  deployments        delete                                             y - -
  alerts             read                                               y y y
  alerts             create update delete                               y y -
  issues             read                                               y y y
  issues             create update delete                               y y -
  sandboxes          read                                               y y y
  sandboxes          create update delete exec                          y y -
  mcp-servers        read                                               y y y
  mcp-servers        invoke                                             y y -
  mcp-servers        create update delete                               y - -
  bulk-exports       read                                               y y y
  bulk-exports       manage                                             y - -
  gateway            invoke                                             y y -
  fleet              read-admin-config write-admin-config               y - -
  workspaces         manage-keys                                        y - -
  workspaces         user-groups:read                                   y y y
  workspaces         user-groups:manage-members                         y - -
  workspaces         user-groups:manage-policies                        y - -
  projects           tag-on-create                                      y y -
  runs               read-inputs read-outputs read-stats                y y y
  datasets           download                                           y y y
  datasets           clone tag-on-create                                y y -
  prompts            tag-on-create                                      y y -
  feedback-configs   create update delete                               y y -
  rules              configure-retention                                y - -
  sandboxes          tag-on-create                                      y y -
  snapshots          create update                                      y y -
  snapshots          delete                                             y - -
  model-price-map    read                                               y y y
  model-price-map    create update delete                               y - -
  custom-apps        read                                               y y y
  custom-apps        create update download                             y y -
  custom-apps        delete                                             y - -
  fleet-agents       read                                               y y y
  fleet-agents       create update invoke                               y y -
  fleet-agents       delete                                             y - -
  fleet-skills       read                                               y y y
  fleet-skills       create update                                      y y -
  fleet-skills       delete                                             y - -
  agent-auth-connections read                                           y y y
  agent-auth-connections create update                                  y y -
  agent-auth-connections delete revoke                                  y - -
`;

const SEEING = ['organization:read', 'organization:read-metadata', 'organization:user-groups:read'];
const MANAGING = [
  'organization:manage',
  'organization:manage-model-configs',
  'organization:manage-model-secrets',
  'organization:user-groups:manage',
  'organization:user-groups:manage-members',
  'organization:user-groups:manage-grants',
  'organization:user-groups:manage-policies',
];

const cells = MATRIX.trim()
  .split('\n')
  .flatMap((line) => {
    const [resource, ...words] = line.trim().split(/ +/);
    const [admin, editor, viewer] = words.splice(-3);
    return words.map((action) => ({ permission: `${resource}:${action}`, admin, editor, viewer }));
  });

describe('SYSTEM_ROLES', () => {
  it.each([
    ['WORKSPACE_ADMIN', 'admin'],
    ['WORKSPACE_USER', 'editor'],
    ['WORKSPACE_VIEWER', 'viewer'],
  ] as const)('gives %s exactly what its column of the matrix says', (name, column) => {
    const expected = cells.filter((cell) => cell[column] === 'y').map((cell) => cell.permission);
    expect([...systemRole(name).permissions].sort()).toEqual(expected.sort());
  });

  it('covers every workspace permission in the matrix', () => {
    expect(cells.map((cell) => cell.permission).sort()).toEqual([...ALL_WORKSPACE_PERMISSIONS].sort());
  });

  it.each([
    ['ORGANIZATION_ADMIN', [...MANAGING, 'organization:pats:create', ...SEEING]],
    ['ORGANIZATION_OPERATOR', [...MANAGING, 'organization:pats:create', ...SEEING]],
    ['ORGANIZATION_USER', ['organization:pats:create', ...SEEING]],
    ['ORGANIZATION_VIEWER', SEEING],
  ] as const)('gives %s its permissions in the organization and none in a workspace', (name, permissions) => {
    expect([...systemRole(name).permissions].sort()).toEqual([...permissions].sort());
  });

  it('has the names by which clients look roles up, and no restricted role', () => {
    expect(SYSTEM_ROLES.map((role) => [role.name, role.displayName, role.accessScope])).toEqual([
      ['ORGANIZATION_ADMIN', 'Organization Admin', 'organization'],
      ['ORGANIZATION_OPERATOR', 'Organization Operator', 'organization'],
      ['ORGANIZATION_USER', 'Organization User', 'organization'],
      ['ORGANIZATION_VIEWER', 'Organization Viewer', 'organization'],
      ['WORKSPACE_ADMIN', 'Admin', 'workspace'],
      ['WORKSPACE_USER', 'Editor', 'workspace'],
      ['WORKSPACE_VIEWER', 'Viewer', 'workspace'],
    ]);
  });

  it('has a different random UUID (version 4) for each role', () => {
    const ids = SYSTEM_ROLES.map((role) => role.id);
    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
    expect(new Set(ids).size).toBe(7);
  });
});
