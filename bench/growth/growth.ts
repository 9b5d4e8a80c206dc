import { withClient } from '../database.ts';
import { type BenchContext, install, type Installation } from '../installations.ts';
import { orgAdminKey } from '../keys.ts';
import { type Finding, milliseconds } from '../report.ts';
import { newSession } from '../sessions.ts';
import { type Case, cases } from './cases.ts';
import { fill } from './fill.ts';
import { ID } from './sizes.ts';

const RUNS = 5;
/** Of a search: 60 pages have admins, who come first. */
const PAGES = 100;
const TARGET_MS = 50;

type Headers = Record<string, string>;
type Callers = Record<Case['as'], Headers>;

/** The time of each list and filter where there are a million users; one request at a time, after a warm-up. */
export async function growth(context: BenchContext): Promise<Finding[]> {
  const installation = await install(context, 'growth', { fill });
  return measureCases(installation.server.url, await callersOf(installation));
}

async function measureCases(url: string, callers: Callers): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { as, path, search } of cases()) {
    const name = search ? `95 % of the pages of ${path} ${JSON.stringify(search)}` : decodeURIComponent(path);
    findings.push(findingOf(as, name, await millisecondsOf(url + path, callers[as], search)));
  }
  return findings;
}

const findingOf = (as: string, name: string, ms: number): Finding => ({
  what: `${as}: ${name.slice(0, 200)}`,
  ours: milliseconds(ms),
  beside: '',
  ratio: null,
  target: `<= ${TARGET_MS} ms`,
  met: ms <= TARGET_MS,
});

/** The median; of the pages of a search, the 95th percentile. */
async function millisecondsOf(url: string, headers: Headers, search?: object): Promise<number> {
  const times: number[] = [];
  let token = '';
  for (let run = -1; run < (search ? PAGES : RUNS); run++) {
    const begun = performance.now();
    const response = await fetch(url, { headers, ...(search && searchRequest(search, token, headers)) });
    const body = await response.text();
    if (response.status !== 200) throw new Error(`${url} returned ${response.status}: ${body}`);
    if (run >= 0) times.push(performance.now() - begun);
    if (search) token = (JSON.parse(body) as { page: { next_token: string } }).page.next_token;
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * (search ? 0.95 : 0.5))]!;
}

const searchRequest = (search: object, token: string, headers: Headers): RequestInit => ({
  method: 'POST',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify({ ...search, page: { token, limit: 100 } }),
});

/** An admin key and a SCIM token of the giant organization, and a session of a member of many organizations. */
const callersOf = ({ server, databaseUrl }: Pick<Installation, 'server' | 'databaseUrl'>): Promise<Callers> =>
  withClient(databaseUrl, async (client) => {
    const giant = { orgId: ID.giant, workspaceId: ID.giantWorkspace };
    const admin = { 'x-api-key': await orgAdminKey(client, giant), 'x-tenant-id': ID.giantWorkspace };
    const created = await fetch(`${server.url}/v1/platform/orgs/current/scim/tokens`, {
      method: 'POST',
      headers: { ...admin, 'content-type': 'application/json' },
      body: JSON.stringify({ description: 'Benchmark' }),
    });
    const { token } = (await created.json()) as { token: string };
    return {
      admin,
      busyPerson: { authorization: `Bearer ${await newSession(client, ID.busyPerson)}` },
      provider: { authorization: `Bearer ${token}` },
    };
  });
