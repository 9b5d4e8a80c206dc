import { Agent, request as send } from 'node:http';
import { withClient } from './database.ts';
import type { BenchContext, Installation } from './installations.ts';
import { type Finding, milliseconds, perSecond } from './report.ts';

const USERS = 10_000;
const GROUPS = 500;
const LARGEST = 5_000; // members of the largest group
const AT_A_TIME = 100; // members in one request, as Entra adds them
const OTHERS = 20; // members of every other group
const AT_ONCE = 8;
const TARGET = 500; // users per second

type Answer = { status: number; body: any };
type Provider = { send: (method: string, path: string, body?: object) => Promise<Answer> };

/** A provider's first sync of an organization, and the nightly sync after it, without changes. */
export async function scim({ small }: BenchContext): Promise<Finding[]> {
  const provider = await providerOf(small);
  const ids: string[] = [];
  const users = await timed(async () => {
    await inParallel(USERS, async (n) => {
      ids[n] = await made(provider, '/Users', userOf(n));
    });
  });
  const bulk = await timed(() => inBulk(provider));
  const largest = await made(provider, '/Groups', { displayName: 'LS:Organization User:Workspace 1:Editor' });
  const steps = await addMembers(provider, largest, ids.slice(0, LARGEST));
  const groups = await timed(() => otherGroups(provider, ids));
  const before = await written(small);
  const nightly = await timed(() => nightlySync(provider, ids, largest));
  const changed = (await written(small)) - before;
  const [first, last] = [median(steps.slice(0, 10)), median(steps.slice(-10))];
  return [
    finding(`POST /Users, ${AT_ONCE} at once, ${USERS} in all`, perSecond(USERS / users, ' users'), {
      target: `>= ${perSecond(TARGET)}`,
      met: USERS / users >= TARGET,
    }),
    finding('POST /Bulk of 1,000 new users', perSecond(1_000 / bulk, ' users')),
    finding(
      `PATCH of a group with ${AT_A_TIME} more members: the first ten, the last ten of ${LARGEST}`,
      `${milliseconds(first)}, ${milliseconds(last)}`,
      { target: 'last < 1.5 x first', met: last < 1.5 * first },
    ),
    finding(
      `POST /Groups of ${OTHERS} members, ${GROUPS - 1} of them`,
      perSecond((GROUPS - 1) / groups, ' groups'),
    ),
    finding('a sync without changes: look-up and PATCH of each user', perSecond(USERS / nightly, ' users')),
    finding('rows that it wrote', String(changed), { target: '0', met: changed === 0 }),
  ];
}

const finding = (what: string, ours: string, more: Partial<Finding> = {}): Finding => ({
  what,
  ours,
  beside: '',
  ratio: null,
  target: '',
  met: null,
  ...more,
});

const userOf = (n: number, prefix = 'user') => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${prefix}${n}@scim.example.com`,
  externalId: `${prefix}-${n}`,
  displayName: `Person ${n}`,
  name: { givenName: 'Person', familyName: String(n) },
  emails: [{ type: 'work', value: `${prefix}${n}@scim.example.com`, primary: true }],
  active: true,
});

async function inBulk(provider: Provider): Promise<void> {
  const operations = Array.from({ length: 1_000 }, (_, n) => ({
    method: 'POST',
    path: '/Users',
    bulkId: String(n),
    data: userOf(n, 'bulk'),
  }));
  const { body } = await provider.send('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: operations,
  });
  if (body.Operations.some(({ status }: { status: string }) => status !== '201'))
    throw new Error('a user of the bulk was refused');
}

/** Adds members and returns the time of each request in milliseconds. */
async function addMembers(provider: Provider, id: string, userIds: readonly string[]): Promise<number[]> {
  const steps: number[] = [];
  for (let at = 0; at < userIds.length; at += AT_A_TIME) {
    const value = userIds.slice(at, at + AT_A_TIME).map((user) => ({ $ref: null, value: user }));
    steps.push(
      (await timed(() => patch(provider, `/Groups/${id}`, { op: 'Add', path: 'members', value }))) * 1_000,
    );
  }
  return steps;
}

/** Creates the other groups, of which every fifth grants a role. */
const otherGroups = (provider: Provider, ids: readonly string[]) =>
  inParallel(GROUPS - 1, async (n) => {
    const from = (n * OTHERS) % (USERS - OTHERS);
    const members = ids.slice(from, from + OTHERS).map((value) => ({ value }));
    const name = n % 5 === 0 ? `${n}:Organization User:Workspace 1:Viewer` : `Team ${n}`;
    await made(provider, '/Groups', { displayName: name, members });
  });

/** A full sync as providers send it: looks up and updates every user, and sends the members of the largest group. */
async function nightlySync(provider: Provider, ids: readonly string[], groupId: string): Promise<void> {
  await inParallel(USERS, async (n) => {
    const filter = encodeURIComponent(`userName eq "${userOf(n).userName}"`);
    const { body } = await provider.send('GET', `/Users?filter=${filter}`);
    if (body.Resources?.[0]?.id !== ids[n]) throw new Error(`user ${n} is not found`);
    await patch(provider, `/Users/${ids[n]}`, {
      op: 'Replace',
      value: { active: 'True', displayName: `Person ${n}` },
    });
  });
  await addMembers(provider, groupId, ids.slice(0, LARGEST));
}

async function patch(provider: Provider, path: string, operation: object): Promise<void> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const { status, body } = await provider.send('PATCH', path, { schemas, Operations: [operation] });
  if (status >= 300) throw new Error(`PATCH ${path} answered ${status}: ${JSON.stringify(body)}`);
}

async function made(provider: Provider, path: string, body: object): Promise<string> {
  const answer = await provider.send('POST', path, body);
  if (answer.status !== 201)
    throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** The number of resource versions and audit entries, which grows with every write of SCIM. */
const written = ({ databaseUrl }: Installation): Promise<number> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(`
      select (select sum(version) from scim_users) + (select sum(version) from scim_groups)
        + (select count(*) from audit_entries) + (select count(*) from workspace_memberships) as count`);
    return Number(rows[0]!.count);
  });

async function providerOf({ server, adminKey }: Installation): Promise<Provider> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const call = (method: string, url: string, headers: Record<string, string>, body?: object) =>
    new Promise<Answer>((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const request = send(url, {
        method,
        agent,
        headers: { 'content-type': 'application/json', ...headers },
      });
      request.on('error', reject).on('response', (response) => {
        const parts: Buffer[] = [];
        response
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', () => {
            const answer = Buffer.concat(parts).toString();
            resolve({ status: response.statusCode!, body: answer === '' ? null : JSON.parse(answer) });
          });
      });
      request.end(text);
    });
  const tokens = `${server.url}/v1/platform/orgs/current/scim/tokens`;
  const { body } = await call('POST', tokens, { 'x-api-key': adminKey }, { description: 'Benchmark' });
  const headers = { authorization: `Bearer ${body.token}` };
  return { send: (method, path, sent) => call(method, `${server.url}/scim/v2${path}`, headers, sent) };
}

async function inParallel(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** The duration of `work` in seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
