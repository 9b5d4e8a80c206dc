import { describe, expect, it } from '@jest/globals';
import type { GuardedRule } from '../../../common/access/access.guard.js';
import { credentialOf, requestedContext } from './request-headers.js';

const KEY = 'lsv2_pt_0123456789abcdef0123456789abcdef_29bd6be9dd';
/** A stub that returns the whole header as the token. */
const COOKIE = { readToken: (header: string | undefined) => header ?? null };
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln';

const of = (headers: Record<string, string | string[]>) => credentialOf(headers, COOKIE);

describe('credentialOf', () => {
  it('reads the key in X-API-Key', () => {
    expect(of({ 'x-api-key': KEY })).toEqual({ kind: 'api-key', value: KEY });
  });

  it('reads the session token in Authorization', () => {
    expect(of({ authorization: `Bearer ${TOKEN}` })).toEqual({
      kind: 'session-token',
      value: TOKEN,
    });
  });

  it('recognizes a key in Authorization by its prefix', () => {
    expect(of({ authorization: `bearer ${KEY}` })).toEqual({ kind: 'api-key', value: KEY });
  });

  it('recognizes an access token by its form, in Authorization only', () => {
    const value = `tnt_at_${'x'.repeat(43)}`;
    expect(of({ authorization: `Bearer ${value}` })).toEqual({ kind: 'access-token', value });
    expect(of({ authorization: `Bearer ${value}x` })?.kind).toBe('session-token');
    expect(of({ 'x-api-key': value })?.kind).toBe('api-key');
  });

  it('prefers X-API-Key over Authorization, even if the key is malformed', () => {
    const headers = { 'x-api-key': 'nonsense', authorization: `Bearer ${TOKEN}` };
    expect(of(headers)).toEqual({ kind: 'api-key', value: 'nonsense' });
  });

  it('reads the session token when X-API-Key is empty', () => {
    const headers = { 'x-api-key': ' ', authorization: `Bearer ${TOKEN}` };
    expect(of(headers)).toEqual({ kind: 'session-token', value: TOKEN });
  });

  it('reads the cookie without another credential', () => {
    expect(of({ cookie: 'chip' })).toEqual({ kind: 'cookie', value: 'chip' });
    expect(of({ cookie: 'chip', authorization: 'Basic YUBiLmM6cHc=' })).toEqual({
      kind: 'cookie',
      value: 'chip',
    });
  });

  it.each([
    ['X-API-Key', { 'x-api-key': 'nonsense' }],
    ['Bearer', { authorization: 'Bearer nonsense' }],
  ])('ignores the cookie beside a malformed credential in %s', (_, headers) => {
    expect(of({ ...headers, cookie: 'chip' })?.value).toBe('nonsense');
  });

  it.each([
    ['no header', {}],
    ['the Basic scheme, which is for login only', { authorization: 'Basic YUBiLmM6cHc=' }],
    ['Bearer without a token', { authorization: 'Bearer ' }],
    ['a token without its scheme', { authorization: TOKEN }],
    ['two tokens', { authorization: `Bearer ${TOKEN} ${TOKEN}` }],
    ['a repeated header', { 'x-api-key': [KEY, KEY] }],
  ])('returns null for a request with %s', (_, headers) => {
    expect(of(headers)).toBeNull();
  });
});

const ORG = '0198c0de-0000-7000-8000-000000000001';
const WORKSPACE = '0198c0de-0000-7000-8000-000000000002';

const orgRoute: GuardedRule = {
  kind: 'permission',
  permission: 'organization:read',
  context: 'org',
  sessionOnly: false,
};
const workspaceRoute: GuardedRule = { ...orgRoute, permission: 'workspaces:read', context: 'workspace' };
const pathRoute: GuardedRule = { ...workspaceRoute, context: 'workspace-in-path' };
const requested = (rule: GuardedRule, headers: Record<string, string>, params = {}) =>
  requestedContext(rule, { headers, params });

describe('requestedContext', () => {
  it('reads both headers and converts the ids to lower case', () => {
    const headers = { 'x-organization-id': ORG.toUpperCase(), 'x-tenant-id': WORKSPACE };
    expect(requested(orgRoute, headers)).toMatchObject({ orgId: ORG, workspaceId: WORKSPACE, problems: [] });
  });

  it('requires a workspace only for workspace permissions', () => {
    expect([requested(orgRoute, {}).needsWorkspace, requested(workspaceRoute, {}).needsWorkspace]).toEqual([
      false,
      true,
    ]);
  });

  it('prefers the workspace in the path over the header', () => {
    const found = requested(pathRoute, { 'x-tenant-id': ORG }, { workspace_id: WORKSPACE });
    expect(found).toMatchObject({ workspaceId: WORKSPACE, workspaceIsInPath: true });
  });

  it('ignores the headers on a route without a context', () => {
    const found = requested({ kind: 'signed-in', context: 'none' }, { 'x-organization-id': 'nonsense' });
    expect(found).toMatchObject({ orgId: null, problems: [] });
  });

  it('treats an empty header as absent', () => {
    expect(requested(orgRoute, { 'x-organization-id': '' })).toMatchObject({ orgId: null, problems: [] });
  });

  it('reports every malformed id with its location', () => {
    const { problems } = requested(workspaceRoute, { 'x-organization-id': '1', 'x-tenant-id': '2' });
    expect(problems.map(({ loc }) => loc)).toEqual([
      ['header', 'x-organization-id'],
      ['header', 'x-tenant-id'],
    ]);
  });

  it('reports a malformed id in the path', () => {
    expect(requested(pathRoute, {}, { workspace_id: '1' }).problems[0]?.loc).toEqual([
      'path',
      'workspace_id',
    ]);
  });
});
