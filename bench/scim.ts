import { withClient } from './database.ts';
import type { BenchContext, Installation } from './installations.ts';
import { expecting, type JsonClient } from './json-client.ts';
import { type Finding, median, milliseconds, perSecond, plainFinding } from './report.ts';
import { addMembers, created, inParallel, patch, scimClient, scimUser, userByName } from './scim-client.ts';

const USERS = 10_000;
const GROUPS = 500;
const LARGEST = 5_000; // members of the largest group
const AT_A_TIME = 100; // members in one request, as Entra adds them
const OTHERS = 20; // members of every other group
const AT_ONCE = 8;
const TARGET = 1_500; // users per second

/** A provider's first sync of an organization, and the nightly sync after it, without changes. */
export async function scim({ small }: BenchContext): Promise<Finding[]> {
  const provider = await scimClient(small);
  const ids: string[] = [];
  const users = await timed(() =>
    inParallel(USERS, AT_ONCE, async (n) => {
      ids[n] = await created(provider, '/Users', scimUser(`user${n}`));
    }),
  );
  const bulk = await timed(() => inBulk(provider));
  const largest = await created(provider, '/Groups', {
    displayName: 'LS:Organization User:Workspace 1:Editor',
  });
  const steps = await fillLargest(provider, largest, ids);
  const groups = await timed(() => otherGroups(provider, ids));
  const before = await written(small);
  const nightly = await timed(() => nightlySync(provider, ids, largest));
  const changed = (await written(small)) - before;
  const [first, last] = [median(steps.slice(0, 10)), median(steps.slice(-10))];
  return [
    plainFinding(`POST /Users, ${AT_ONCE} at once, ${USERS} in all`, perSecond(USERS / users, ' users'), {
      target: `>= ${perSecond(TARGET)}`,
      met: USERS / users >= TARGET,
    }),
    plainFinding('POST /Bulk of 1,000 new users', perSecond(1_000 / bulk, ' users')),
    plainFinding(
      `PATCH of a group with ${AT_A_TIME} more members: the first ten, the last ten of ${LARGEST}`,
      `${milliseconds(first)}, ${milliseconds(last)}`,
      { target: 'last < 1.5 x first', met: last < 1.5 * first },
    ),
    plainFinding(
      `POST /Groups of ${OTHERS} members, ${GROUPS - 1} of them`,
      perSecond((GROUPS - 1) / groups, ' groups'),
    ),
    plainFinding(
      'a sync without changes: look-up and PATCH of each user',
      perSecond(USERS / nightly, ' users'),
    ),
    plainFinding('rows that it wrote', String(changed), { target: '0', met: changed === 0 }),
  ];
}

async function inBulk(provider: JsonClient): Promise<void> {
  const operations = Array.from({ length: 1_000 }, (_, n) => ({
    method: 'POST',
    path: '/Users',
    bulkId: String(n),
    data: scimUser(`bulk${n}`),
  }));
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: operations };
  const { Operations } = await expecting(200, provider('POST', '/Bulk', body));
  if (Operations.some(({ status }: { status: string }) => status !== '201'))
    throw new Error('a user of the bulk was refused');
}

/** Adds the members of the largest group and returns the milliseconds of each request. */
async function fillLargest(provider: JsonClient, id: string, userIds: readonly string[]): Promise<number[]> {
  const steps: number[] = [];
  for (let at = 0; at < LARGEST; at += AT_A_TIME)
    steps.push(await addMembers(provider, id, userIds.slice(at, at + AT_A_TIME)));
  return steps;
}

/** Creates the other groups, of which every fifth grants a role. */
const otherGroups = (provider: JsonClient, ids: readonly string[]) =>
  inParallel(GROUPS - 1, AT_ONCE, async (n) => {
    const from = (n * OTHERS) % (USERS - OTHERS);
    const members = ids.slice(from, from + OTHERS).map((value) => ({ value }));
    const name = n % 5 === 0 ? `${n}:Organization User:Workspace 1:Viewer` : `Team ${n}`;
    await created(provider, '/Groups', { displayName: name, members });
  });

/** A full sync as providers send it: looks up and updates every user, and sends the members of the largest group. */
async function nightlySync(provider: JsonClient, ids: readonly string[], groupId: string): Promise<void> {
  await inParallel(USERS, AT_ONCE, async (n) => {
    const { userName, displayName } = scimUser(`user${n}`);
    const { Resources } = await expecting(200, provider('GET', userByName(userName)));
    if (Resources?.[0]?.id !== ids[n]) throw new Error(`user ${n} is not found`);
    await patch(provider, `/Users/${ids[n]}`, { op: 'Replace', value: { active: 'True', displayName } });
  });
  await fillLargest(provider, groupId, ids);
}

/** The number of resource versions and audit entries, which grows with every write of SCIM. */
const written = ({ databaseUrl }: Installation): Promise<number> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(`
      select (select sum(version) from scim_users) + (select sum(version) from scim_groups)
        + (select count(*) from audit_entries) + (select count(*) from workspace_memberships) as count`);
    return Number(rows[0]!.count);
  });

/** The duration of `work` in seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
