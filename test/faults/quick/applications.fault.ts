import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Reply } from '../../support/api.js';
import { until } from '../../support/audit-log.js';
import type { Member, OrgWithAdmin } from '../../support/fixtures.js';
import { freePort } from '../../support/free-port.js';
import {
  approveOnPage,
  newChallenge,
  oauthServerAt,
  type OauthServer,
  refresh,
  signDeviceIn,
  type Tokens,
} from '../../support/oauth.js';
import { waitForBlockedQuery } from '../../support/waiting-for-locks.js';
import { AdminProcess } from '../support/admin-process.js';
import { startServer } from '../support/fault-server.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { type ReplicaProcesses, startReplicaProcesses } from '../support/replica-processes.js';

const CALLBACK = 'https://app.example.com/callback';
const CLIENTS = '/v1/platform/oauth/clients';
/** Until servers know what another program has changed. */
const LEARNED_MS = 1000;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;
const clockAhead = (ms: number) => ({
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('../support/shift-clock.mjs', import.meta.url))}`,
  CLOCK_AHEAD_MS: String(ms),
});

let postgres: PostgresServer;
let replicas: ReplicaProcesses;
/** At each replica: the clocks of the last two are wrong. */
let servers: OauthServer[];
let environment: Record<string, string>;
let org: OrgWithAdmin;
let member: Member;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  const ports = [await freePort(), await freePort(), await freePort()];
  const issuer = `http://127.0.0.1:${ports[0]}`;
  environment = { AUTHORIZATION_SERVER_ENABLED: 'true', LANGSMITH_URL: issuer };
  replicas = await startReplicaProcesses(
    postgres,
    [{}, clockAhead(TWO_YEARS_MS), clockAhead(-TWO_YEARS_MS)].map((clock, index) => ({
      environment: { ...environment, ...clock, PORT: String(ports[index]) },
    })),
  );
  servers = replicas.urls.map((url) => ({ ...oauthServerAt(url), issuer: `${issuer}/api` }));
  org = await replicas.fixtures.orgWithAdmin();
});
beforeEach(async () => {
  member = await newMember();
});
afterAll(async () => {
  await replicas.close();
  await postgres.remove();
});

const newMember = () => replicas.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
const personAt = ({ url }: OauthServer, person: Member = member) => ({ api: person.api.at(url) });

async function newClient(): Promise<{ id: string; clientId: string }> {
  const metadata = { client_name: 'Example', client_type: 'public', redirect_uris: [CALLBACK] };
  const { body } = await org.admin.api.post(CLIENTS, metadata);
  return { id: body.client.id, clientId: body.client.client_id };
}

type Code = { clientId: string; code: string; verifier: string };
/** A code that the person has approved at this server. */
async function codeAt(server: OauthServer, clientId: string): Promise<Code> {
  const { verifier, challenge } = newChallenge();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: 'openid',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const address = new URL(`${server.url}/oauth/authorize?${query}`);
  const redirected = await approveOnPage(server, personAt(server), org.orgId, address);
  return { clientId, code: redirected.searchParams.get('code')!, verifier };
}

const exchange = (server: OauthServer, { clientId, code, verifier }: Code): Promise<Reply> =>
  server.post('/api/v1/oauth/token', {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
  });

const statusAt = async ({ url }: OauthServer, token: string): Promise<number> =>
  (await fetch(`${url}/api/v1/workspaces`, { headers: { authorization: `Bearer ${token}` } })).status;

/** The codes and tokens of the person that are stored, by kind; a used one is `used <kind>`. */
async function storedOf({ userId }: Member): Promise<Record<string, number>> {
  const rows = await replicas.sql<{ kind: string; count: number }>(
    `select case when a.consumed_at is null then '' else 'used ' end || a.kind as kind, count(*)::int
     from oauth_artifacts a join oauth_grants g on g.id = a.grant_id where g.user_id = $1 group by 1`,
    [userId],
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}
const UNUSED = { AuthorizationCode: 1 };
const EXCHANGED = { 'used AuthorizationCode': 1, AccessToken: 1, RefreshToken: 1 };

describe('a server that is killed while it exchanges a code', () => {
  const KILLED = 'killed';
  /** Until PostgreSQL has noticed it, too. */
  const untilForgotten = () =>
    until(async () => {
      const sessions = await replicas.sql('select from pg_stat_activity where application_name = $1', [
        KILLED,
      ]);
      return sessions.length === 0;
    });
  const startAnother = async () => {
    const port = String(await freePort());
    const server = startServer(`${postgres.url}?application_name=${KILLED}`, { ...environment, PORT: port });
    await server.ready();
    return { server, at: { ...servers[0]!, ...oauthServerAt(`http://127.0.0.1:${port}`) } };
  };

  it('leaves the code unused when it is killed before the commit', async () => {
    const { clientId } = await newClient();
    const code = await codeAt(servers[0]!, clientId);
    const { server, at } = await startAnother();
    await postgres.sql('begin');
    await postgres.sql('select from oauth_grants where user_id = $1 for update', [member.userId]);
    const answer = exchange(at, code).catch(() => 'cut');
    await waitForBlockedQuery(replicas);
    server.kill('SIGKILL');
    await postgres.sql('rollback');

    await untilForgotten();
    expect(await answer).toBe('cut');
    expect(await storedOf(member)).toEqual(UNUSED);
    expect((await exchange(servers[1]!, code)).status).toBe(200);
    expect(await storedOf(member)).toEqual(EXCHANGED);
  });

  it('leaves the code either unused or exchanged, whenever it is killed', async () => {
    const { clientId } = await newClient();
    const seen = { unused: 0, exchanged: 0 };
    for (let trial = 0; trial < 8; trial++) {
      member = await newMember();
      const code = await codeAt(servers[0]!, clientId);
      const { server, at } = await startAnother();
      await exchange(at, { ...code, code: 'unknown' }); // the first request of a server takes longer
      const answer = exchange(at, code).catch(() => 'cut');
      await pause(trial * 8);
      server.kill('SIGKILL');
      await Promise.all([answer, server.ended()]);
      await untilForgotten();

      const stored = await storedOf(member);
      const isUnused = 'AuthorizationCode' in stored;
      seen[isUnused ? 'unused' : 'exchanged']++;
      expect(stored).toEqual(isUnused ? UNUSED : EXCHANGED);
      expect((await exchange(servers[0]!, code)).status).toBe(isUnused ? 200 : 400);
    }
    printFigures('servers killed while they exchange a code', seen);
  });
});

describe('replicas with clocks that are two years off', () => {
  const everywhere = <Result>(ask: (server: OauthServer) => Promise<Result>) =>
    Promise.all(servers.map((server) => ask(server)));

  it('exchange codes of each other and accept the tokens, and refuse those that have ended', async () => {
    const { clientId } = await newClient();
    for (const [index, issuing] of servers.entries()) {
      const exchanging = servers[(index + 1) % servers.length]!;
      const late = await codeAt(issuing, clientId);
      await replicas.sql(
        `update oauth_artifacts set expires_at = expires_at - interval '60 seconds'
         where kind = 'AuthorizationCode' and consumed_at is null`,
      );
      const first = (await exchange(exchanging, await codeAt(issuing, clientId))).body as Tokens;
      const second = (await refresh(issuing, first.refresh_token, clientId)).body as Tokens;

      expect((await exchange(exchanging, late)).body).toMatchObject({ error: 'invalid_grant' });
      expect(await everywhere((at) => statusAt(at, second.access_token))).toEqual([200, 200, 200]);
      await replicas.sql(
        `update oauth_artifacts set expires_at = expires_at - interval '15 minutes' where kind = 'AccessToken'`,
      );
      await pause(LEARNED_MS);
      expect(await everywhere((at) => statusAt(at, second.access_token))).toEqual([401, 401, 401]);
    }
  });

  it.each([
    ['59 seconds', 200],
    ['61 seconds', 400],
  ])('a token that is used again %s later: refreshing is %i afterwards', async (later, status) => {
    for (const at of servers) {
      member = await newMember();
      const first = await signDeviceIn(at, personAt(at), org.orgId);
      const second = (await refresh(at, first.refresh_token)).body as Tokens;
      await replicas.sql(
        'update oauth_artifacts set consumed_at = consumed_at - $1::interval where consumed_at is not null',
        [later],
      );

      expect((await refresh(at, first.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
      expect((await refresh(at, second.refresh_token)).status).toBe(status);
    }
  });
});

describe('several replicas', () => {
  it('accept no token of a grant after the answer that ended it at another one, while it is refreshed', async () => {
    const [ending, ...refreshing] = servers as [OauthServer, ...OauthServer[]];
    const seen = { trials: 0, tokens: 0, acceptedBefore: 0, acceptedAfter: 0 };
    for (; seen.trials < 15; seen.trials++) {
      const { id, clientId } = await newClient();
      member = await newMember();
      const start = async () => (await exchange(ending, await codeAt(ending, clientId))).body as Tokens;
      const chains = [await start(), await start()];
      const issued = chains.map((tokens) => tokens.access_token);
      let hasEnded = false;
      const loops = chains.map(async (tokens, index) => {
        let { refresh_token: next } = tokens;
        for (;;) {
          const { status, body } = await refresh(refreshing[index]!, next, clientId);
          if (status !== 200) return;
          ({ refresh_token: next } = body as Tokens);
          issued.push((body as Tokens).access_token);
          if (!hasEnded) seen.acceptedBefore += Number((await statusAt(ending, issued.at(-1)!)) === 200);
        }
      });
      await pause(20 + 5 * seen.trials);
      const answer = await org.admin.api.at(ending.url).patch(`${CLIENTS}/${id}`, { disabled: true });
      expect(answer.status).toBe(200);
      hasEnded = true;
      const after = await Promise.all(
        issued.flatMap((token) => servers.map((server) => statusAt(server, token))),
      );
      await Promise.all(loops);
      const late = await Promise.all(issued.map((token) => statusAt(refreshing[0]!, token)));

      seen.tokens += issued.length;
      seen.acceptedAfter += [...after, ...late].filter((status) => status !== 401).length;
      expect(await storedOf(member)).toEqual({});
    }

    printFigures('grants that end while they are refreshed', seen);
    expect(seen.acceptedAfter).toBe(0);
    expect(seen.acceptedBefore).toBeGreaterThan(seen.trials);
  });

  it('keep one grant of approvals at once, with codes that are all exchanged', async () => {
    const { clientId } = await newClient();

    const codes = await Promise.all(servers.map((server) => codeAt(server, clientId)));
    const answers = await Promise.all(codes.map((code, index) => exchange(servers.at(index - 1)!, code)));

    const grants = await replicas.sql('select from oauth_grants where user_id = $1', [member.userId]);
    expect(grants).toHaveLength(1);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('exchange a code once of several times at once', async () => {
    const { clientId } = await newClient();
    const code = await codeAt(servers[0]!, clientId);

    const answers = await Promise.all([...servers, ...servers].map((server) => exchange(server, code)));

    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });
});

/** As `signing-keys.ts` has it, and a second more. */
const READ_EVERY_MS = 31_000;

/** With the true time, as the first replica. */
async function startPublisher() {
  const port = String(await freePort());
  const server = startServer(postgres.url, { ...environment, PORT: port });
  await server.ready();
  return { server, url: `http://127.0.0.1:${port}` };
}

it('ID tokens verify by the key set of every server while keys are rotated', async () => {
  const [right] = servers as [OauthServer];
  const { server, url } = await startPublisher();
  const people = await Promise.all([1, 2, 3, 4].map(() => newMember()));
  const seen = { verified: 0, kids: new Set<string>() };
  const state = { isStopped: false };
  const signIns = people.map(async (person, index) => {
    const at = index % 2 === 0 ? right : { ...right, ...oauthServerAt(url) };
    while (!state.isStopped) {
      const { id_token: token } = await signDeviceIn(at, personAt(at, person), org.orgId, {}, 'openid');
      for (const publisher of [right.url, url]) {
        const keys = createRemoteJWKSet(new URL(`${publisher}/api/oauth/jwks`), { cacheMaxAge: 0 });
        await jwtVerify(token!, keys, { issuer: right.issuer });
        seen.verified++;
      }
      seen.kids.add(decodeProtectedHeader(token!).kid!);
      await pause(100);
    }
  });
  const move = (minutes: number) =>
    replicas.sql('update oauth_signing_keys set signs_from = signs_from - make_interval(mins => $1)', [
      minutes,
    ]);
  await pause(1000);
  const rotated = await new AdminProcess(postgres.url, ['oauth:rotate-keys']).ended();
  await pause(READ_EVERY_MS); // every server publishes the new keys
  await move(10);
  await pause(READ_EVERY_MS); // every server signs with them
  state.isStopped = true;
  await Promise.all(signIns);
  await server.stop();

  printFigures('ID tokens during a rotation', { verified: seen.verified, keys: seen.kids.size });
  expect(rotated.code).toBe(0);
  expect(seen.kids.size).toBe(2);
});
