import { requests } from '../alternating-runs.ts';
import type { BenchContext } from '../installations.ts';
import type { Finding } from '../report.ts';
import { compare } from './compare.ts';

const CONNECTIONS = 32;
const ORGANIZATION = '/api/v1/orgs/current/info';
const MEMBERS = '/api/v1/orgs/current/members/active?limit=100';

type Headers = Record<string, string>;
const read = (url: string, headers: Headers = {}) => requests(url, headers, CONNECTIONS);

/** Recognizing a caller and reading their organization. The floor returns the permissions that it has read. */
export async function organization(context: BenchContext): Promise<Finding[]> {
  const { small } = context;
  const { floor, betterAuth } = await peersOf(context);
  const findings: Finding[] = [];
  for (const [kind, key] of [
    ['personal access token', small.personalToken],
    ['service key', small.adminKey],
  ] as const) {
    const lines = await compare({
      what: `GET ${ORGANIZATION}, ${kind}`,
      ours: read(small.server.url + ORGANIZATION, { 'x-api-key': key }),
      peers: { floor: floor('/caller'), 'Better Auth': betterAuth('/organization/get-organization') },
      times: { floor: 1.2 },
    });
    findings.push(...lines);
  }
  return findings;
}

/** The floor recognizes the caller and reads no workspaces. */
export async function workspaces(context: BenchContext): Promise<Finding[]> {
  const { small } = context;
  const { floor } = await peersOf(context);
  return compare({
    what: 'GET /api/v1/workspaces, personal access token, one workspace',
    ours: read(`${small.server.url}/api/v1/workspaces`, { 'x-api-key': small.personalToken }),
    peers: { floor: floor('/caller') },
    times: { floor: 1 },
  });
}

/** A public response from memory: what a request costs without a caller and without SQL. */
export async function info({ small, floor, plainFastify }: BenchContext): Promise<Finding[]> {
  const [{ server }, fastify] = [await floor(), await plainFastify()];
  return compare({
    what: 'GET /api/v1/info',
    ours: read(`${small.server.url}/api/v1/info`),
    peers: { 'node:http': read(`${server.url}/info`), 'plain Fastify': read(`${fastify.url}/info`) },
    times: { 'node:http': 0.5 },
  });
}

/** The first 100 of 10,000 members, with the workspaces of each except at Better Auth, which has none. */
export async function members(context: BenchContext): Promise<Finding[]> {
  const { small } = context;
  const { floor, betterAuth } = await peersOf(context);
  return compare({
    what: `GET ${MEMBERS} of 10,000`,
    ours: read(small.server.url + MEMBERS, { 'x-api-key': small.adminKey }),
    peers: { floor: floor('/members'), 'Better Auth': betterAuth('/organization/list-members?limit=100') },
    times: { floor: 1 },
  });
}

async function peersOf(context: BenchContext) {
  const [floor, betterAuth] = [await context.floor(), await context.betterAuth()];
  return {
    floor: (path: string) => read(floor.server.url + path, { 'x-api-key': floor.key }),
    betterAuth: (path: string) =>
      betterAuth && read(`${betterAuth.server.url}/api/auth${path}`, { cookie: betterAuth.cookie }),
  };
}
