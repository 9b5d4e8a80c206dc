import { type BenchContext, install, type Installation } from './installations.ts';
import { orgAdminKey } from './keys.ts';
import { findFirstOrganization, insertMemberships, insertUsers, insertOrganizations } from './seed-data.ts';
import { type Finding, milliseconds, perSecond } from './report.ts';
import { requests, type Throughput, runAlternating } from './alternating-runs.ts';
import { assertSameAnswers } from './same-answers.ts';

const PATH = '/api/v1/orgs/current/members/active?limit=100';
const CONNECTIONS = 24;
const THROUGHPUT_TARGET = 0.9;
const LATENCY_TARGET = 1.2;

/** A page of the members of an organization, and what it costs when there are many of them. */
export async function list(context: BenchContext): Promise<Finding[]> {
  return [await throughput(context), ...(await latencies(context))];
}

async function throughput({ small, bare }: BenchContext): Promise<Finding> {
  const [ours, theirs] = [small.server.url + PATH, bare.url + PATH];
  await assertSameAnswers(ours, theirs, small.adminKey);
  const { server, measure } = await runAlternating(
    {
      server: requests(ours, small.adminKey, CONNECTIONS),
      measure: requests(theirs, small.adminKey, CONNECTIONS),
    },
    'measure',
  );
  return {
    what: 'GET /api/v1/orgs/current/members/active?limit=100 of 10,000',
    ours: perSecond(server.perSecond),
    beside: `${perSecond(measure.perSecond)} (bare server)`,
    ratio: server.ratio,
    target: `>= ${THROUGHPUT_TARGET}`,
    met: server.ratio >= THROUGHPUT_TARGET,
  };
}

/** One request at a time: with more, the wait for the CPU would hide the time of the database. */
async function latencies(context: BenchContext): Promise<Finding[]> {
  const { small } = context;
  const { large, giantKey } = await installLarge(context);
  const { few, others, own } = await runAlternating(
    {
      few: requests(small.server.url + PATH, small.adminKey, 1),
      others: requests(large.server.url + PATH, large.adminKey, 1),
      own: requests(large.server.url + PATH, giantKey, 1),
    },
    'few',
  );
  const finding = (where: string, { perSecond: requestsPerSecond, ratio: speed }: Throughput): Finding => ({
    what: `  latency with 1,000,000 ${where}`,
    ours: milliseconds(1000 / requestsPerSecond),
    beside: `${milliseconds(1000 / few.perSecond)} (10,000)`,
    ratio: 1 / speed,
    target: `<= ${LATENCY_TARGET}`,
    met: 1 / speed <= LATENCY_TARGET,
  });
  return [finding('in other organizations', others), finding('in this one', own)];
}

/** Like `small`, with a million more users: spread over a hundred organizations, and all in one large organization. */
async function installLarge(context: BenchContext): Promise<{ large: Installation; giantKey: string }> {
  let giantKey = '';
  const large = await install(context, 'large', async (client) => {
    await insertOrganizations(client, 100);
    await insertUsers(client, 1_000_000);
    await insertMemberships(client);
    await insertOrganizations(client, 1);
    await insertMemberships(client);
    giantKey = await orgAdminKey(client, await findFirstOrganization(client));
  });
  return { large, giantKey };
}
