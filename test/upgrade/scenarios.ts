import { randomUUID } from 'node:crypto';
import { ADMIN } from '../support/test-app.js';
import { GROUP, userOf } from '../support/scim.js';
import type { Call, Scenario } from './traffic.js';

const ORG = '/api/v1/orgs/current';
const SCIM = '/scim/v2';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Headers = Record<string, string>;

/** What all scenarios use; created by the previous release. */
export type Installation = {
  admin: Headers;
  key: Headers;
  scim: Headers;
};

/** What was acknowledged with success, which has to be there in the end. */
export type Acknowledged = { invited: string[]; provisioned: string[] };

export async function install(call: Call): Promise<Installation> {
  const session = await login(call, ADMIN);
  const [{ id: orgId }] = await call({ kind: 'setup', path: '/api/v1/orgs', headers: session });
  const admin = { ...session, 'x-organization-id': orgId };
  const [{ id: workspaceId }] = await call({ kind: 'setup', path: '/api/v1/workspaces', headers: admin });
  const { key } = await call({
    kind: 'setup',
    method: 'POST',
    path: `${ORG}/service-keys`,
    headers: admin,
    body: { description: 'Upgrade', workspaces: [workspaceId] },
  });
  const { token } = await call({
    kind: 'setup',
    method: 'POST',
    path: '/v1/platform/orgs/current/scim/tokens',
    headers: admin,
    body: {},
    status: 201,
  });
  return {
    admin: { ...admin, 'x-tenant-id': workspaceId },
    key: { 'x-api-key': key },
    scim: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
  };
}

async function login(call: Call, body: { email: string; password: string }): Promise<Headers> {
  const { access_token } = await call({ kind: 'login', method: 'POST', path: '/api/v1/login', body });
  return { authorization: `Bearer ${access_token}` };
}

const email = () => `${randomUUID()}@example.com`;

/** A session that one server opened is used at the other one. */
export const signIn: Scenario = async (call) => {
  const session = await login(call, ADMIN);
  await call({ kind: 'read', path: '/api/v1/orgs', headers: session });
};

export const read =
  ({ admin, key }: Installation): Scenario =>
  async (call) => {
    for (const path of ['members', 'members/active', 'members/pending', 'roles', 'info', 'service-keys'])
      await call({ kind: 'read', path: `${ORG}/${path}`, headers: admin });
    await call({ kind: 'read', path: '/api/v1/workspaces', headers: admin });
    await call({ kind: 'read', path: '/api/v1/workspaces/current/members', headers: key });
  };

/** Invites two people, and revokes the invitation of one. */
export const invite =
  ({ admin }: Installation, { invited }: Acknowledged): Scenario =>
  async (call) => {
    const [kept, revoked] = await call({
      kind: 'invite',
      method: 'POST',
      path: `${ORG}/members/batch`,
      headers: { ...admin, 'idempotency-key': randomUUID() },
      body: [{ email: email() }, { email: email() }],
    });
    invited.push(kept.email);
    await call({
      kind: 'invite',
      method: 'DELETE',
      path: `${ORG}/members/${revoked.id}/pending`,
      headers: admin,
    });
  };

/** Adds an invited person with a password, which accepts the invitation; the person signs in, and is removed. */
export const join =
  ({ admin }: Installation): Scenario =>
  async (call) => {
    const address = email();
    const post = (kind: string, path: string, body: unknown) =>
      call({ kind, method: 'POST', path: `${ORG}/${path}`, headers: admin, body });
    await post('invite', 'members', { email: address });
    const [{ password }] = await post('add member', 'members/basic/batch', [{ email: address }]);
    const session = await login(call, { email: address, password });
    await call({ kind: 'read', path: '/api/v1/orgs', headers: session });
    const { members } = await call({ kind: 'read', path: `${ORG}/members`, headers: admin });
    const { id } = members.find((member: { email: string }) => member.email === address);
    await call({ kind: 'remove member', method: 'DELETE', path: `${ORG}/members/${id}`, headers: admin });
  };

/** Provisions two people and a group; deactivates and deletes one of them, and deletes the group. */
export const provision =
  ({ scim }: Installation, { provisioned }: Acknowledged): Scenario =>
  async (call) => {
    const send = (method: string, path: string, body?: unknown, status = 200) =>
      call({ kind: 'scim', method, path: `${SCIM}${path}`, headers: scim, body, status });
    const patch = (path: string, operation: object, status: number) =>
      send('PATCH', path, { schemas: [PATCH], Operations: [operation] }, status);
    const kept = await send('POST', '/Users', userOf(email()), 201);
    provisioned.push(kept.userName);
    const gone = await send('POST', '/Users', userOf(email()), 201);
    const group = await send(
      'POST',
      '/Groups',
      { schemas: [GROUP], displayName: `Team ${randomUUID()}`, members: [{ value: kept.id }] },
      201,
    );
    await patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: gone.id }] }, 204);
    await send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${kept.userName}"`)}`);
    await patch(`/Users/${gone.id}`, { op: 'replace', path: 'active', value: false }, 200);
    await send('DELETE', `/Users/${gone.id}`, undefined, 204);
    await send('DELETE', `/Groups/${group.id}`, undefined, 204);
  };
