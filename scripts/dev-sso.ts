/**
 * `npm run dev:sso`: runs the server with a test identity provider that has three users, to try out single sign-on. Its
 * data is separate from that of `npm start`; Ctrl-C stops both. PORT and DATA_DIR apply; the provider listens on the
 * next port.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { formatForTerminal } from '../src/common/logging/terminal-format.ts';
import { LOGIN, TestIdentityProvider } from '../test/support/identity-provider.ts';

const port = Number(process.env['PORT'] ?? 1984);
const appUrl = `http://127.0.0.1:${port}`;
const provider = await TestIdentityProvider.start({ appUrl, port: port + 1 });
const people = [
  { sub: 'ada', name: 'Ada Lovelace', groups: [], acr: 'gold', amr: ['pwd', 'otp'], is: 'the first admin' },
  { sub: 'ben', name: 'Ben Turing', groups: [], is: 'a new user' },
  {
    sub: 'cleo',
    name: 'Cleo Hopper',
    groups: ['Organization Admins'],
    is: 'a new user in an admin group',
  },
];
for (const { sub, name, groups, acr, amr } of people) {
  provider.account({
    ...{ sub, name, groups, email: `${sub}@example.com`, email_verified: true },
    preferred_username: sub,
    acr,
    amr,
  });
}

const server = spawn(process.execPath, [fileURLToPath(new URL('start.mjs', import.meta.url))], {
  env: {
    DATA_DIR: './data/dev-sso',
    INITIAL_ORG_ADMIN_EMAIL: 'ada@example.com',
    BOOTSTRAP_FILE: fileURLToPath(new URL('dev-sso.bootstrap.json', import.meta.url)), // groups give roles
    ...process.env,
    ...provider.environment,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = createInterface({ input: server.stdout });
lines.on('line', (line) => {
  process.stdout.write(process.stdout.isTTY ? formatForTerminal(line) : `${line}\n`);
  if (line.includes('Tenantry listens on')) introduce();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.kill(signal));
const [code] = (await once(server, 'exit')) as [number | null];
await provider.stop();
process.exit(code ?? 1);

function introduce(): void {
  console.log('\nSign in here; the console then shows who you are, how you got in and why:');
  console.log(`  ${appUrl}${LOGIN}?redirect_to=/console/access`);
  for (const { sub, name, is } of people) console.log(`  ${sub.padEnd(5)} any password   ${name}, ${is}`);
}
