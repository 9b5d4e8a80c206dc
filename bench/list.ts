import type pg from 'pg';
import { type BenchContext, install, type Installation } from './installations.ts';
import { orgAdminKey } from './keys.ts';
import { findFirstOrganization, insertMemberships, insertUsers, insertOrganizations } from './seed-data.ts';
import { type Finding, milliseconds } from './report.ts';
import { requests, runAlternating } from './alternating-runs.ts';

const PATH = '/api/v1/orgs/current/members/active?limit=100';
const TARGET = 1.2;

/**
 * What a page of members costs when there are many of them. One request at a time: with more, the wait for the CPU would
 * hide the time of the database.
 */
export async function list(context: BenchContext): Promise<Finding[]> {
  const { small } = context;
  const { large, giantKey } = await installLarge(context);
  const pages = ({ server }: Installation, key: string) =>
    requests(server.url + PATH, { 'x-api-key': key }, 1);
  const runs = await runAlternating({
    few: pages(small, small.adminKey),
    others: pages(large, large.adminKey),
    own: pages(large, giantKey),
  });
  const finding = (where: string, name: 'others' | 'own'): Finding => ({
    what: `GET ${PATH}, latency with 1,000,000 ${where}`,
    ours: milliseconds(1000 / runs.perSecond(name)),
    beside: `${milliseconds(1000 / runs.perSecond('few'))} (10,000)`,
    ratio: runs.ratio('few', name),
    target: `<= ${TARGET}`,
    met: runs.ratio('few', name) <= TARGET,
  });
  return [finding('in other organizations', 'others'), finding('in this one', 'own')];
}

/** Like `small`, with a million more users: spread over a hundred organizations, and all in one large organization. */
async function installLarge(context: BenchContext): Promise<{ large: Installation; giantKey: string }> {
  let giantKey = '';
  const fill = async (client: pg.Client) => {
    await insertOrganizations(client, 100);
    await insertUsers(client, 1_000_000);
    await insertMemberships(client);
    await insertOrganizations(client, 1);
    await insertMemberships(client);
    giantKey = await orgAdminKey(client, await findFirstOrganization(client));
  };
  const large = await install(context, 'large', { fill });
  return { large, giantKey };
}
