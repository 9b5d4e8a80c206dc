/**
 * The baseline of the measurements: `node:http` and `pg` alone. It runs the statements of the server under the same
 * names (the principal, then the data), checks the permission and maps the rows the same way; `assertSameAnswers`
 * compares both responses before a measurement.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { built } from './built.ts';

const { DATABASE_URL, API_KEY_SALT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 }); // the size of the server's pool

const { byServiceKey } = await built<
  typeof import('../src/modules/auth/authentication/principal.statements.js')
>('modules/auth/authentication/principal.statements');
const { heldRole } = await built<typeof import('../src/modules/rbac/roles/held-role.js')>(
  'modules/rbac/roles/held-role',
);
const { secretDigest } = await built<typeof import('../src/common/secrets/secret-digest.js')>(
  'common/secrets/secret-digest',
);
const { toOrganizationInfo } = await built<typeof import('../src/modules/settings/org-settings.mapper.js')>(
  'modules/settings/org-settings.mapper',
);
const { pageOf } = await built<typeof import('../src/modules/members/member.statements.js')>(
  'modules/members/member.statements',
);
const { IN_ORG } = await built<typeof import('../src/modules/members/member-scopes.statements.js')>(
  'modules/members/member-scopes.statements',
);
const { toOrgMember } = await built<typeof import('../src/modules/members/member.mapper.js')>(
  'modules/members/member.mapper',
);

const CALLER = byServiceKey('none');
const ORG = { name: 'orgs_find', text: `select ${await orgColumns()} from organizations where id = $1` };
const MEMBERS = pageOf(IN_ORG, '', {
  ...{ limit: 100, offset: 0, sortBy: 'createdAt', descending: true },
  ...{ emails: null, userIds: null, isDisabled: null, text: null },
}).statement;

type Caller = { orgId: string; permissions: ReadonlySet<string> };
type Answer = { body: unknown; headers?: Record<string, string> };

async function orgColumns(): Promise<string> {
  const { createDataSource } = await built<typeof import('../src/data-source.js')>('data-source');
  const { entityColumns } =
    await built<typeof import('../src/database/entity-columns.js')>('database/entity-columns');
  const { Org } = await built<typeof import('../src/modules/orgs/org.entity.js')>('modules/orgs/org.entity');
  const dataSource = await createDataSource(DATABASE_URL!, 1).initialize();
  const columns = entityColumns(dataSource.manager, Org);
  await dataSource.destroy();
  return columns;
}

async function callerOf(request: IncomingMessage): Promise<Caller | null> {
  const digest = secretDigest(API_KEY_SALT!, String(request.headers['x-api-key']));
  const { rows } = await pool.query({ ...CALLER, values: [digest] });
  if (!rows[0]) return null;
  return { orgId: rows[0].orgId, permissions: heldRole(rows[0].orgRoleId, null)?.permissions ?? new Set() };
}

const MAY_INVITE = {
  mayInviteNewPeople: true,
  mayAddMembers: false,
  obstacle: null,
  message: null,
} as const;

const ROUTES: Record<string, (caller: Caller) => Promise<Answer>> = {
  '/api/v1/orgs/current/info': async ({ orgId, permissions }) => {
    const { rows } = await pool.query({ ...ORG, values: [orgId] });
    return {
      body: toOrganizationInfo({
        org: rows[0],
        workspaceAdminsMayInvite: false,
        inviteAccess: { organization: MAY_INVITE, workspace: null },
        reachedMaxWorkspaces: false,
        role: null,
        permissions: [...permissions],
      }),
    };
  },
  '/api/v1/orgs/current/members/active?limit=100': async ({ orgId }) => {
    const { rows } = await pool.query({ ...MEMBERS, values: [orgId, 100, 0] });
    return { body: rows.map(toOrgMember), headers: { 'x-pagination-total': String(rows[0]?.total ?? 0) } };
  },
};

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = ROUTES[request.url ?? ''];
  const caller = await callerOf(request);
  if (!route || !caller?.permissions.has('organization:read')) {
    response.writeHead(route ? 403 : 404).end();
    return;
  }
  const { body, headers } = await route(caller);
  const text = JSON.stringify(body);
  response
    .writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      ...headers,
    })
    .end(text);
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    response.writeHead(500).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`The bare server listens on http://127.0.0.1:${port}\n`);
});
