import type { BenchContext } from './installations.ts';
import { type Finding, perSecond } from './report.ts';
import { assertSameAnswers } from './same-answers.ts';
import { requests, runAlternating } from './alternating-runs.ts';

const PATH = '/api/v1/orgs/current/info';
const CONNECTIONS = 24;
const TARGET = 0.65;

/** An authenticated read with a permission check. */
export async function read({ small, bare }: BenchContext): Promise<Finding[]> {
  const [ours, theirs] = [small.server.url + PATH, bare.url + PATH];
  await assertSameAnswers(ours, theirs, small.adminKey);
  const { server, measure } = await runAlternating(
    {
      server: requests(ours, small.adminKey, CONNECTIONS),
      measure: requests(theirs, small.adminKey, CONNECTIONS),
    },
    'measure',
  );
  return [
    {
      what: `GET ${PATH}`,
      ours: perSecond(server.perSecond),
      beside: `${perSecond(measure.perSecond)} (bare server)`,
      ratio: server.ratio,
      target: `>= ${TARGET}`,
      met: server.ratio >= TARGET,
    },
  ];
}
