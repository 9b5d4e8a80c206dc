/**
 * FROZEN: the floor of the measurements. What an experienced engineer writes with `node:http` and `pg` for the same
 * work when nothing else is asked for: no validation, no audit, no metrics, no error bodies. A page of members has the
 * fields of the published API; rows are sent as they are read. It has a schema of its own (floor-data.ts) and imports
 * nothing of the server, so that it stays the same when the server's SQL changes and figures of different versions can
 * be compared. Do not change it to follow the server.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/** `INFO`: the body of `/info`. */
const { DATABASE_URL, INFO = '{}' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });

const CALLER = {
  name: 'caller',
  text: `
    select o.id as "orgId", o.name as "orgName", r.name as role, r.permissions
    from keys k join organizations o on o.id = k.org_id join roles r on r.id = k.role_id
    where k.digest = $1 and (k.expires_at is null or k.expires_at > now()) and not o.is_disabled`,
};
const MEMBERS = {
  name: 'members',
  text: `
    select m.id, m.org_id as organization_id, null as tenant_id, m.created_at, u.id as user_id, u.id as ls_user_id,
      false as read_only, r.id as role_id, r.name as role_name, 'organization' as access_scope, u.email,
      u.name as full_name, u.avatar_url, u.name as display_name, m.is_disabled, r.id as org_role_id,
      r.name as org_role_name,
      array(select w.workspace_id from workspace_members w where w.user_id = m.user_id) as tenant_ids,
      (select json_agg(json_build_object(
          'id', l.id, 'provider', l.provider, 'ls_user_id', l.user_id, 'created_at', l.created_at,
          'updated_at', l.updated_at, 'email', u.email, 'username', u.email, 'provisioning_method', null,
          'email_confirmed_at', l.confirmed_at))
        from logins l where l.user_id = m.user_id) as linked_login_methods
    from memberships m join users u on u.id = m.user_id join roles r on r.id = m.role_id
    where m.org_id = $1 order by m.created_at desc, m.user_id limit 100`,
};
const DIRECTORY_USER = {
  name: 'directory_user',
  text: `
    select u.id, u.user_name as "userName", u.name, u.active
    from directory_tokens t left join directory_users u on u.org_id = t.org_id and u.user_name = $2
    where t.digest = $1`,
};

type Caller = { orgId: string; orgName: string; role: string; permissions: string[] };

const digest = (secret: string) => createHash('sha256').update(secret).digest();

async function callerOf(request: IncomingMessage): Promise<Caller | undefined> {
  const key = String(request.headers['x-api-key']);
  const { rows } = await pool.query<Caller>({ ...CALLER, values: [digest(key)] });
  return rows[0];
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/info') return send(response, 200, INFO);
  if (pathname === '/users') return findUser(request, response, searchParams.get('userName'));
  const caller = await callerOf(request);
  if (!caller) return send(response, 401, '{}');
  if (pathname === '/caller') return send(response, 200, JSON.stringify(caller));
  if (pathname !== '/members') return send(response, 404, '{}');
  if (!caller.permissions.includes('organization:permission-1')) return send(response, 403, '{}');
  const { rows } = await pool.query({ ...MEMBERS, values: [caller.orgId] });
  send(response, 200, JSON.stringify(rows));
}

async function findUser(request: IncomingMessage, response: ServerResponse, userName: string | null) {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const { rows } = await pool.query({ ...DIRECTORY_USER, values: [digest(token), userName] });
  if (!rows[0]) return send(response, 401, '{}');
  const found = rows[0].id === null ? [] : [rows[0]];
  send(response, 200, JSON.stringify({ totalResults: found.length, Resources: found }));
}

function send(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    response.writeHead(500).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`The floor listens on http://127.0.0.1:${port}\n`);
});
