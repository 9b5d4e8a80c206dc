import { readFileSync } from 'node:fs';
import { Api } from '../../support/api.js';
import { Fixtures, type OrgWithAdmin } from '../../support/fixtures.js';
import { ServerProcess } from '../../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET } from '../../support/test-app.js';
import { send } from './load.js';
import type { PostgresServer } from './postgres-server.js';

/** Limits that a load test would reach are off, and so is the drain, for which each stop would wait. */
export const ENVIRONMENT = {
  BASIC_AUTH_JWT_SECRET: JWT_SECRET,
  API_KEY_SALT,
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  SHUTDOWN_DRAIN_SECONDS: '0',
  RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
  RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
  RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR: '0',
  RATE_LIMIT_LOGINS_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '0',
};

/** So that a busy machine alone causes no 503. */
export const PATIENT = {
  DATABASE_CONNECT_SECONDS: '30',
  DATABASE_LOCK_SECONDS: '30',
  DATABASE_STATEMENT_SECONDS: '60',
};

export const environmentOf = (databaseUrl: string) => ({ ...ENVIRONMENT, DATABASE_URL: databaseUrl });

/** A server in a separate process; `databaseUrl` may lead through a proxy. */
export const startServer = (databaseUrl: string, environment: Record<string, string> = {}): ServerProcess =>
  new ServerProcess({ ...environmentOf(databaseUrl), ...environment });

/** A server in a separate process with the embedded PostgreSQL in `folder`. */
export const startEmbeddedServer = (
  folder: string,
  environment: Record<string, string> = {},
): ServerProcess => new ServerProcess({ ...ENVIRONMENT, DATA_DIR: folder, ...environment });

/** The resident memory of the server, in millions of bytes. */
export function memoryMb({ pid }: ServerProcess): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round((Number(kilobytes) * 1024) / 1e6);
}

/** The headers of the first admin, signed in with the password. */
export async function signInAsAdmin(url: string): Promise<Record<string, string>> {
  const { text } = await send(`${url}/api/v1/login`, { method: 'POST', body: ADMIN });
  return { authorization: `Bearer ${(JSON.parse(text) as { access_token: string }).access_token}` };
}

/** The admin of an organization, as a caller by plain HTTP. */
export type Caller = { orgId: string; workspaceId: string; headers: Record<string, string> };

/** New organizations with one admin each, written directly into the database. */
export async function callersOf(
  count: number,
  url: string,
  postgres: Pick<PostgresServer, 'sql'>,
): Promise<Caller[]> {
  const given = new Fixtures(new Api(url), (text, values) => postgres.sql(text, values), JWT_SECRET);
  const callers: Caller[] = [];
  for (let index = 0; index < count; index++) callers.push(callerIn(await given.orgWithAdmin()));
  return callers;
}

const callerIn = (org: OrgWithAdmin): Caller => ({
  orgId: org.orgId,
  workspaceId: org.workspaceId,
  headers: headersOf(org),
});

/** With which the admin of an organization sends requests in it. */
export function headersOf({ orgId, workspaceId, admin }: OrgWithAdmin): Record<string, string> {
  const { token } = (admin.api as unknown as { identity: { token: string } }).identity;
  return { authorization: `Bearer ${token}`, 'x-organization-id': orgId, 'x-tenant-id': workspaceId };
}
