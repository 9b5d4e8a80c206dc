import { randomUUID } from 'node:crypto';
import { invite, join, provision, read } from '../upgrade/scenarios.js';
import type { Acknowledged, Installation } from '../upgrade/scenarios.js';
import type { Call, Scenario } from '../upgrade/traffic.js';

const ORG = '/api/v1/orgs/current';
const TOKENS = `${ORG}/personal-access-tokens`;

/** What has to be in a table in the end: by id the value of a column, or null if it has to be gone. */
export type Ledger = Record<'workspaces' | 'roles' | 'api_keys', Map<string, string | null>>;

/** One of the organizations, as its clients know it. */
export type Tenant = {
  readonly orgId: string;
  readonly email: string;
  readonly password: string;
  readonly installation: Installation;
  readonly acknowledged: Acknowledged;
};

/** All kinds of requests of an organization. */
export const scenariosOf = (tenant: Tenant, ledger: Ledger): Scenario[] => {
  const { installation, acknowledged } = tenant;
  return [
    read(installation),
    follow(installation),
    signInAndOut(tenant),
    invite(installation, acknowledged),
    join(installation),
    provision(installation, acknowledged),
    manage(installation, ledger.workspaces, '/api/v1/workspaces'),
    manage(installation, ledger.roles, `${ORG}/roles`, { description: '', permissions: ['workspaces:read'] }),
    useToken(installation, ledger.api_keys),
  ];
};

/** Reads that join many tables. */
const follow =
  ({ admin }: Installation): Scenario =>
  async (call) => {
    for (const path of ['events', 'credentials', 'members/active'])
      await call({ kind: 'read', path: `${ORG}/${path}?limit=50`, headers: admin });
    await call({
      kind: 'read',
      path: '/api/v1/audit-logs?start_time=2026-01-01T00:00:00Z&end_time=2100-01-01T00:00:00Z',
      headers: admin,
    });
  };

/** A session that has ended is refused by every server. */
const signInAndOut =
  ({ email, password }: Tenant): Scenario =>
  async (call) => {
    const body = { email, password };
    const { access_token: token } = await call({
      kind: 'login',
      method: 'POST',
      path: '/api/v1/login',
      body,
    });
    const headers = { authorization: `Bearer ${token}` };
    await call({ kind: 'read', path: '/api/v1/orgs', headers });
    await call({
      kind: 'logout',
      method: 'DELETE',
      path: `/api/v1/me/sessions/${sessionIn(token)}`,
      headers,
      status: 204,
    });
    await call({ kind: 'read', path: '/api/v1/orgs', headers, status: 401 });
  };

/** The id of the session (claim `sid` of the token). */
const sessionIn = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid;

/** Creates, renames and reads something, and deletes every other one. */
const manage =
  ({ admin }: Installation, ledger: Map<string, string | null>, path: string, more: object = {}): Scenario =>
  async (call) => {
    const kind = path.split('/').at(-1) ?? path;
    const named = () => ({ ...more, display_name: `Soak ${randomUUID()}` });
    const [first, second] = [named(), named()];
    const send = (method: string, id = '', body?: object) =>
      call({ kind, method, path: `${path}${id && `/${id}`}`, headers: admin, body });
    const { id } = await send('POST', '', first);
    ledger.set(id, first.display_name);
    await known(ledger, id, second.display_name, () => send('PATCH', id, second));
    if (ledger.size % 2 === 0) await known(ledger, id, null, () => send('DELETE', id));
  };

/** A token that was deleted is refused by every server. */
const useToken =
  ({ admin }: Installation, ledger: Map<string, string | null>): Scenario =>
  async (call: Call) => {
    const body = { description: `Soak ${randomUUID()}` };
    const { id, key } = await call({ kind: 'keys', method: 'POST', path: TOKENS, headers: admin, body });
    ledger.set(id, body.description);
    const use = (status: number) =>
      call({ kind: 'read', path: `${ORG}/info`, headers: { 'x-api-key': key }, status });
    await use(200);
    await use(200);
    if (ledger.size % 2 === 0) return;
    await known(ledger, id, null, () =>
      call({ kind: 'keys', method: 'DELETE', path: `${TOKENS}/${id}`, headers: admin }),
    );
    await use(401);
    await use(401);
  };

/** The value after a change that succeeds; nothing is expected of one whose outcome is unknown. */
async function known(
  ledger: Map<string, string | null>,
  id: string,
  value: string | null,
  change: () => Promise<unknown>,
): Promise<void> {
  ledger.delete(id);
  await change();
  ledger.set(id, value);
}
