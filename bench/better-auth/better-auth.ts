import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Postgres } from '../database.ts';
import { type ServerProcess, start } from '../processes.ts';

/** Better Auth with its own database, whose organization has 10,000 members. */
export type BetterAuth = {
  server: ServerProcess;
  orgId: string;
  /** Of an owner of the organization. */
  cookie: string;
  /** Of its SCIM plugin. */
  token: string;
};

/** Null if its packages cannot be installed, which is said. */
export async function startBetterAuth(postgres: Postgres): Promise<BetterAuth | null> {
  if (!isInstalled()) install();
  if (!isInstalled()) return null;
  const token = 'a-token-of-the-benchmark-for-better-auth';
  const server = await start(['bench/better-auth/better-auth-server.ts'], {
    NODE_ENV: 'production',
    DATABASE_URL: await postgres.createDatabase('better_auth'),
    SCIM_TOKEN: token,
  });
  const { cookie, orgId } = JSON.parse(server.ready.slice(server.ready.indexOf('{')));
  return { server, cookie, orgId, token };
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('@better-auth/scim');
    return true;
  } catch {
    return false;
  }
}

/** Into bench/node_modules, with the versions of bench/package-lock.json, without running scripts of the packages. */
function install(): void {
  process.stdout.write('installing Better Auth into bench/node_modules ...\n');
  const options = ['--ignore-scripts', '--replace-registry-host=registry.invalid', '--no-audit', '--no-fund'];
  try {
    execFileSync('npm', ['ci', ...options], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 120_000,
    });
  } catch {
    process.stderr.write(
      'Better Auth is left out: its packages could not be installed. With access to an npm registry, ' +
        'run `npm ci --ignore-scripts --replace-registry-host=registry.invalid` in bench/.\n',
    );
  }
}
