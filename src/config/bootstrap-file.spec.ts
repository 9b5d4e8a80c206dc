import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newApiKey, newScimToken } from '../common/secrets/credential-formats.js';
import { bootstrapFile } from './bootstrap-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-bootstrap-'));
afterAll(() => rmSync(folder, { recursive: true }));

const key = newApiKey('service');
const token = newScimToken();
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), `${content}\n`);
  return join(folder, name);
};
const keyFile = file('key', key);
const tokenFile = file('token', token);
const zeros = file('zeros', `lsv2_sk_${'0'.repeat(32)}_baba6be8d9`);
const pat = file('pat', newApiKey('pat'));

const read = (content: unknown) => bootstrapFile(JSON.stringify(content));

describe('a bootstrap file', () => {
  it('is read into items in the order in which they need each other', () => {
    expect(
      read({
        sso_settings: { default_workspaces: ['Team A'] },
        scim_tokens: [{ name: 'okta', secret_file: tokenFile }],
        service_keys: [
          { name: 'terraform', secret_file: keyFile, org_role: 'ORGANIZATION_ADMIN' },
          { name: 'team', secret_file: keyFile, workspaces: ['Team A'], workspace_role: 'WORKSPACE_USER' },
        ],
        workspaces: [{ name: 'Team A', handle: 'team-a' }],
        settings: { invites_enabled: false },
      }),
    ).toEqual([
      { kind: 'setting', name: 'invites_enabled', value: false },
      { kind: 'workspace', name: 'Team A', handle: 'team-a' },
      {
        ...{ kind: 'service_key', name: 'terraform', secret: key, workspaces: [] },
        ...{ workspaceRole: 'WORKSPACE_ADMIN', orgRole: 'ORGANIZATION_ADMIN' },
      },
      {
        ...{ kind: 'service_key', name: 'team', secret: key, workspaces: ['Team A'] },
        ...{ workspaceRole: 'WORKSPACE_USER', orgRole: null },
      },
      { kind: 'scim_token', name: 'okta', secret: token },
      {
        ...{ kind: 'sso_settings', name: 'sso_settings', workspaces: ['Team A'] },
        ...{ workspaceRole: 'WORKSPACE_USER', groupsEnabled: false, groupsClaim: 'groups' },
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'the file must be an object'],
    ['an unknown section', { tokens: [] }, 'the file has an unknown field: tokens'],
    ['an unknown setting', { settings: { sso_only: true } }, 'settings has an unknown field: sso_only'],
    [
      'a setting that is no flag',
      { settings: { invites_enabled: 'yes' } },
      'settings.invites_enabled must be',
    ],
    ['a section that is no list', { workspaces: {} }, 'workspaces must be a list'],
    ['a workspace without a name', { workspaces: [{}] }, 'workspaces[0].name must be'],
    ['a malformed handle', { workspaces: [{ name: 'A', handle: 'A' }] }, 'workspaces[0].handle must match'],
    ['an item twice', { workspaces: [{ name: 'A' }, { name: 'A' }] }, 'workspace A occurs twice'],
    [
      'a secret in the file',
      { scim_tokens: [{ name: 'okta', secret: token }] },
      'scim_tokens[0] has an unknown field: secret',
    ],
    [
      'a missing file',
      { scim_tokens: [{ name: 'okta', secret_file: '/nonexistent' }] },
      'scim_tokens[0].secret_file: the file cannot be read: ENOENT',
    ],
    [
      'another kind of key',
      { service_keys: [{ name: 'k', secret_file: pat }] },
      'service_keys[0].secret_file: must be a service key',
    ],
    [
      'a key that is not random',
      { service_keys: [{ name: 'k', secret_file: zeros }] },
      'service_keys[0].secret_file: must be a service key',
    ],
    [
      'a role in the organization for a key of workspaces',
      {
        service_keys: [{ name: 'k', secret_file: keyFile, workspaces: ['A'], org_role: 'ORGANIZATION_USER' }],
      },
      'service_keys[0].org_role is for keys of the whole organization',
    ],
    [
      'an unknown role',
      { sso_settings: { default_workspaces: ['A'], default_workspace_role: 'ADMIN' } },
      'one of',
    ],
    ['no default workspace', { sso_settings: {} }, 'sso_settings.default_workspaces must name a workspace'],
  ])('is refused with %s', (_, content, problem) => {
    expect(() => read(content)).toThrow(problem);
  });

  it.each([
    ['{\n  "workspaces": [\n    {"name": "A"},\n  ]\n}', 'line 4 is wrong'],
    ['{\n  workspaces: []\n}', 'line 2 is wrong'],
    ['{"settings": tru,\n}', 'line 1 is wrong'],
    ['{\n  "workspaces" []\n}', 'line 2 is wrong'],
    ['{}\n}', 'line 2 is wrong'],
    ['{\n  "workspaces": [', 'it ends too early'],
    ['', 'it ends too early'],
  ])('names the line in which %j is no JSON', (text, place) => {
    expect(() => bootstrapFile(text)).toThrow(new Error(`must be a file with JSON; ${place}`));
  });

  it('reports all problems together, and never a secret', () => {
    const content = {
      workspaces: [{ name: '' }],
      service_keys: [{ name: 'k', secret_file: tokenFile }],
      more: 1,
    };
    for (const problem of ['unknown field: more\n', 'workspaces[0].name', 'service_keys[0]'])
      expect(() => read(content)).toThrow(problem);
    expect(() => read(content)).not.toThrow(token);
  });
});
