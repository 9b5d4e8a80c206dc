import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import { runAlternating } from '../alternating-runs.ts';
import { withClient } from '../database.ts';
import { type BenchContext, install, type Installation } from '../installations.ts';
import { expecting, type JsonClient, jsonClient } from '../json-client.ts';
import { NO_LOGIN_LIMITS, start, startTenantry } from '../processes.ts';
import { type Finding, perSecond, plainFinding } from '../report.ts';
import { inParallel } from '../scim-client.ts';
import { CLIENT_ID, type PreparedLogin } from './provider.ts';

const LOGIN = '/api/v1/oauth/custom-oidc/login';
const CALLBACK = '/api/v1/oauth/custom-oidc/callback';
const AT_ONCE = 16;
const PEOPLE = 500; // in each run
const TARGET = 13; // logins per second: of 64 at once, none waits longer than 5 s

/** A login up to the redirect from the provider to our callback. */
type ReturningLogin = PreparedLogin & { state: string; cookie: string };

/**
 * First logins of new people, from the code to the session: they become members of the default organization and of its
 * first workspace. The way to the provider and its signatures come before the clock starts. What stays of the provider
 * is a response from the memory of its own process; its processor time is printed.
 */
export async function firstLogins(context: BenchContext): Promise<Finding[]> {
  const installation = await install(context, 'logins');
  const provider = await start([fileURLToPath(new URL('provider.ts', import.meta.url))], {});
  context.servers.push(provider);
  const port = await freePort();
  const server = await startTenantry(installation.databaseUrl, {
    ...NO_LOGIN_LIMITS,
    PORT: `${port}`,
    LANGSMITH_URL: `http://127.0.0.1:${port}`,
    OAUTH_ISSUER_URL: provider.url,
    OAUTH_CLIENT_ID: CLIENT_ID,
    OAUTH_CLIENT_SECRET: 'a-client-secret-that-is-only-used-by-the-benchmark',
  });
  context.servers.push(server);
  const [app, idp] = [jsonClient(server.url), jsonClient(provider.url)];
  const total = { logins: 0, providerMicros: 0 };
  const runs = await runAlternating({
    run: async () => {
      const people = await sendToProvider(app, idp);
      const before = await cpuOf(idp);
      const begun = performance.now();
      await inParallel(PEOPLE, AT_ONCE, (n) => returnFromProvider(app, people[n]!));
      const seconds = (performance.now() - begun) / 1000;
      total.logins += PEOPLE;
      total.providerMicros += (await cpuOf(idp)) - before;
      return PEOPLE / seconds;
    },
  });
  await assertLanded(installation, total.logins);
  const value = runs.perSecond('run');
  const providerMicros = Math.round(total.providerMicros / total.logins);
  const what = `first logins, code to session, ${AT_ONCE} at a time (with ${providerMicros} µs of the provider each)`;
  return [plainFinding(what, perSecond(value), { target: `>= ${perSecond(TARGET)}`, met: value >= TARGET })];
}

async function sendToProvider(app: JsonClient, idp: JsonClient): Promise<ReturningLogin[]> {
  const people: ReturningLogin[] = [];
  await inParallel(PEOPLE, AT_ONCE, async (n) => {
    const { headers } = await app('GET', LOGIN);
    const { state, nonce } = Object.fromEntries(new URL(headers.location!).searchParams) as {
      state: string;
      nonce: string;
    };
    const [cookie] = headers['set-cookie']![0]!.split(';') as [string];
    const sub = randomUUID();
    people[n] = { ...{ code: sub, nonce, sub, state, cookie }, email: `${sub}@example.com`, name: 'Person' };
  });
  await expecting(200, idp('POST', '/prepare', people));
  return people;
}

/** The browser follows the redirect of the provider. */
async function returnFromProvider(app: JsonClient, { code, state, cookie }: ReturningLogin): Promise<void> {
  const query = new URLSearchParams({ code, state });
  const { status, headers } = await app('GET', `${CALLBACK}?${query}`, undefined, { cookie });
  if (status !== 302) throw new Error(`the callback returned ${status} and ${headers.location}`);
}

const cpuOf = async (idp: JsonClient): Promise<number> => {
  const { user, system } = await expecting(200, idp('GET', '/cpu'));
  return user + system;
};

/** Each login has a session, and a workspace. */
async function assertLanded({ databaseUrl }: Installation, logins: number): Promise<void> {
  const [row] = await withClient(databaseUrl, async (client) => (await client.query(LANDED)).rows);
  if (row.sessions !== logins || row.members !== logins)
    throw new Error(`${logins} logins left ${JSON.stringify(row)}`);
}

const LANDED = `
  select (select count(*)::int from sessions) as sessions,
    (select count(*)::int from workspace_memberships where source = 'jit') as members`;
