/**
 * Better Auth as its documentation sets it up for production: `toNodeHandler` on `node:http`, PostgreSQL through a pool
 * of the size of ours, its migrations with their indexes, telemetry, rate limits and the log off. Its limits of members
 * and invitations are raised. Prints the session cookie of an owner whose organization has 10,000 members.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { organization } from 'better-auth/plugins/organization';
import { scim } from '@better-auth/scim';
import pg from 'pg';

const MEMBERS = 10_000;
const UNLIMITED = 100_000_000;
const { DATABASE_URL, SCIM_TOKEN } = process.env;

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const server = createServer((request, response) => handler(request, response));
await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const options = {
  baseURL: url,
  secret: 'a-secret-that-is-only-used-by-the-benchmark',
  database: pool,
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  logger: { level: 'error' },
  plugins: [
    organization({ membershipLimit: UNLIMITED, invitationLimit: UNLIMITED }),
    scim({
      connections: [
        { id: 'benchmark', credentials: [{ type: 'bearer', id: 'benchmark', token: SCIM_TOKEN }] },
      ],
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
const handler = toNodeHandler(auth);
const cookie = await signUp();
const { id } = await auth.api['createOrganization']!({
  body: { name: 'Organization', slug: 'organization' },
  headers: new Headers({ cookie }),
});
await insertMembers(id);
process.stdout.write(`Better Auth listens on ${url} ${JSON.stringify({ cookie, orgId: id })}\n`);

/** The cookies of a session, as a browser would send them. */
async function signUp(): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ name: 'Owner', email: 'owner@example.com', password: 'a-long-passphrase' }),
  });
  if (!response.ok) throw new Error(`sign-up returned ${response.status}: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

async function insertMembers(orgId: string): Promise<void> {
  const joined = `now() - n * interval '1 second'`;
  await pool.query(`
    insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
    select 'user-' || n, 'Person ' || n, 'person-' || n || '@example.com', true, ${joined}, ${joined}
    from generate_series(1, ${MEMBERS}) n`);
  await pool.query(
    `insert into member (id, "organizationId", "userId", role, "createdAt")
    select 'member-' || n, $1, 'user-' || n, 'member', ${joined} from generate_series(1, ${MEMBERS}) n`,
    [orgId],
  );
  await pool.query('vacuum analyze');
}
