import { freePort } from '../test/support/free-port.ts';
import { requests, runAlternating } from './alternating-runs.ts';
import { withClient } from './database.ts';
import { type BenchContext, install } from './installations.ts';
import { applicationToken } from './keys.ts';
import { type Finding, perSecond } from './report.ts';

const PATHS = ['/api/v1/orgs/current/info', '/api/v1/workspaces'];
const CONNECTIONS = 32;
const TARGET = 0.9;

/** The same reads of the same person, with an access token of an application and with a personal access token. */
export async function applications(context: BenchContext): Promise<Finding[]> {
  const port = await freePort();
  const settings = {
    PORT: String(port),
    LANGSMITH_URL: `http://127.0.0.1:${port}`,
    AUTHORIZATION_SERVER_ENABLED: 'true',
  };
  const { server, databaseUrl, personalToken } = await install(context, 'applications', { settings });
  const token = await withClient(databaseUrl, applicationToken);
  const findings: Finding[] = [];
  for (const path of PATHS) {
    const read = (headers: Record<string, string>) => requests(server.url + path, headers, CONNECTIONS);
    const runs = await runAlternating({
      application: read({ authorization: `Bearer ${token}` }),
      person: read({ 'x-api-key': personalToken }),
    });
    const ratio = runs.ratio('application', 'person');
    findings.push({
      what: `GET ${path}, application`,
      ours: perSecond(runs.perSecond('application')),
      beside: `${perSecond(runs.perSecond('person'))} (personal access token)`,
      ratio,
      target: `>= ${TARGET}`,
      met: ratio >= TARGET,
    });
  }
  return findings;
}
