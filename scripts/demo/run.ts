/**
 * `npm run demo`: runs the server with an organization of 200 people, 8 workspaces, roles, keys, invitations and a month
 * of audit log. Its data is separate from that of `npm start` (PORT, DATA_DIR and DATABASE_URL apply). The first run fills
 * an empty installation; one that holds other data is refused unless `--add` is given. Ctrl-C stops it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatForTerminal } from '../../src/common/logging/terminal-format.ts';
import { Api } from './api.ts';
import { fill } from './fill.ts';
import { writeHistory } from './history.ts';
import { openDemoDatabase } from './open-database.ts';
import { ADMIN, INVITED, ORGANIZATION } from './people.ts';

const { values: options } = parseArgs({ options: { add: { type: 'boolean', default: false } } });
const host = process.env['HOST'] ?? '127.0.0.1';
if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
  console.error('The password of the demo is public: HOST has to be a loopback address.');
  process.exit(2);
}
const port = process.env['PORT'] ?? '1984';
const address = `http://${host === '::1' ? '[::1]' : host}:${port}`;
Object.assign(process.env, {
  ...(process.env['LANGSMITH_URL'] || port === '0'
    ? {}
    : { LANGSMITH_URL: address, AUTHORIZATION_SERVER_ENABLED: 'true' }),
  DATA_DIR: process.env['DATA_DIR'] ?? './data/demo',
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
});

let isFilling = true;
const server = spawn(process.execPath, [fileURLToPath(new URL('../start.mjs', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.kill(signal));
createInterface({ input: server.stdout }).on('line', (line) => {
  if (isFilling && line.includes('request completed')) return;
  process.stdout.write(process.stdout.isTTY ? formatForTerminal(line) : `${line}\n`);
  const url = /Tenantry listens on ([^,"\s]+)/.exec(line)?.[1];
  if (url) void prepare(url);
});
const [code] = (await once(server, 'exit')) as [number | null];
process.exit(process.exitCode ?? code ?? 1);

async function prepare(url: string): Promise<void> {
  try {
    await fillUnlessFilled(url);
    isFilling = false;
    const [lead] = INVITED.accepted;
    console.log(`\nOpen ${url} and sign in as ${ADMIN.email} with ${ADMIN.password}`);
    console.log(`or as ${lead?.email}, an admin of one workspace, with the same password`);
  } catch (error) {
    console.error(`\nThe demo cannot be set up: ${(error as Error).message}`);
    process.exitCode = 1;
    server.kill('SIGTERM');
  }
}

type Organization = { id: string; display_name: string };
type Info = { organizations: Organization[]; members: number };

async function fillUnlessFilled(url: string): Promise<void> {
  const api = await signedIn(new Api(url));
  const { organizations, members } = await look(api);
  if (organizations.some(({ display_name: name }) => name === ORGANIZATION) && members >= 200) return;
  const [own] = organizations;
  if (!own) throw new Error('the admin is in no organization');
  if ((organizations.length > 1 || members > 1) && !options.add)
    throw new Error(
      'this installation holds other data. Choose another DATA_DIR, or add the demo to it with --add',
    );
  console.log('\nFilling the demo, which takes about half a minute …');
  await fill(api.with({ 'x-organization-id': own.id }));
  const { dataSource, close } = await openDemoDatabase();
  try {
    await writeHistory(dataSource, own.id);
  } finally {
    await close();
  }
}

async function signedIn(api: Api): Promise<Api> {
  const credentials = { email: ADMIN.email, password: ADMIN.password };
  try {
    const { access_token: token } = await api.post<{ access_token: string }>('/api/v1/login', credentials);
    return api.with({ authorization: `Bearer ${token}` });
  } catch {
    throw new Error(`this installation has another admin than ${ADMIN.email}. Choose another DATA_DIR`);
  }
}

async function look(api: Api): Promise<Info> {
  const organizations = await api.get<Organization[]>('/api/v1/orgs?skip_create=true');
  const members = await api.get<unknown[]>('/api/v1/orgs/current/members/active?limit=200');
  return { organizations, members: members.length };
}
