/** @takes-long */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from '@jest/globals';
import { ADMIN } from '../../scripts/demo/people.js';
import { freePort } from '../support/free-port.js';
import { COMPILED, emptyFolder, ROOT } from '../support/server-process.js';

const run = promisify(execFile);

/** Commands that cannot run here. `.ci/run` begins with this one, and runs these tests after it. */
const ELSEWHERE = ['npm ci && npm test'];
/** Serve until they are stopped, so the page goes on "in a second terminal". */
const SERVING = /^(?:npm ci && )?npm (?:start|run demo|run dev:sso)\b.*$/;
/** What the doctor says of one. */
const OF_A_BUSY_MACHINE = / (?:Timers are \d+ ms late|A round trip takes) /;
const LIMIT_MS = 900_000; // the last one takes half a minute on an idle machine, and three on a busy one

const folders: ReturnType<typeof emptyFolder>[] = [];
afterAll(() => folders.forEach((folder) => folder.remove()));

/** The lines of a page that are typed into a terminal, with ports that are free here. */
function commandsIn(page: string, port: number): string[] {
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)];
  return blocks
    .flatMap(([, block]) => block!.trimEnd().split('\n'))
    .filter((line) => !ELSEWHERE.includes(line))
    .map((line) => line.replaceAll('1984', `${port}`).replaceAll('1985', `${port + 1}`));
}

/** A clone of this repository as it is now, built if this one is, and with packages of its own of `packages/`. */
async function clone(): Promise<string> {
  const folder = emptyFolder();
  folders.push(folder);
  const path = join(folder.path, 'tenantry');
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await run('git', list, { cwd: ROOT, maxBuffer: 1e8 });
  mkdirSync(join(path, 'packages/client/src/generated'), { recursive: true }); // or the console would be built again after it
  const built = ['console/dist', 'dist']; // after their sources, since they have to be newer
  for (const name of [...stdout.trim().split('\n'), ...built].filter((each) => existsSync(join(ROOT, each))))
    cpSync(join(ROOT, name), join(path, name), { recursive: true });
  linkPackages(path);
  return path;
}

function linkPackages(path: string): void {
  const installed = join(ROOT, 'node_modules');
  mkdirSync(join(path, 'node_modules/@tenantry'), { recursive: true });
  for (const name of readdirSync(installed).filter((each) => !['.cache', '@tenantry'].includes(each)))
    symlinkSync(join(installed, name), join(path, 'node_modules', name));
  for (const name of ['client', 'cli'])
    symlinkSync(join(path, 'packages', name), join(path, 'node_modules/@tenantry', name));
  symlinkSync(join(ROOT, 'packages/cli/node_modules'), join(path, 'packages/cli/node_modules'));
}

/**
 * Stands in for what a test cannot do: packages come from this repository instead of a registry, a server is stopped when
 * the next one starts, and who signs in to the demo creates a token and allows a login as the pages say. The user of the
 * service is the one of the embedded PostgreSQL, which runs while files are given to them.
 */
const PREAMBLE = `
set -eEuo pipefail
set -m
trap 'echo "failed: $BASH_COMMAND"; tail -n 20 server.log || true' ERR
server=
stop() { if [ -n "$server" ]; then kill -INT -- -"$server"; wait "$server" || true; server=; fi; }
trap stop EXIT
npm() {
  case "$1" in
    ci) ;;
    install) shift; unpack "$@" ;;
    *) command npm "$@" ;;
  esac
}
useradd() { [ $UID = 0 ] && user=$(id -un 65534) || user=$(id -un); }
chown() { command chown "\${@/#tenantry:/$user:}"; }
unpack() {
  local modules=node_modules file name
  if [ "$1" = --global ]; then shift; modules=$PREFIX/lib/node_modules; fi
  mkdir -p "$modules" "$PREFIX/bin"
  ln -sfn "$ROOT"/node_modules/{openapi-fetch,openid-client,oauth4webapi,jose} "$ROOT"/packages/cli/node_modules/commander "$modules"
  for file; do
    name=$(tar -xzOf "$file" package/package.json | node -p 'JSON.parse(fs.readFileSync(0)).name')
    mkdir -p "$modules/$name"
    tar -xzf "$file" -C "$modules/$name" --strip-components=1
    if [ -e "$modules/$name/dist/cli.js" ]; then
      chmod +x "$modules/$name/dist/cli.js"
      ln -sf "$modules/$name/dist/cli.js" "$PREFIX/bin/tenantry"
    fi
  done
}
serve() {
  stop
  : > server.log # or the search below can find the lines of the server before it
  eval "$1" > server.log 2>&1 &
  server=$!
  local ready='Tenantry listens on'
  case "$1" in *demo*) ready='^Open ' ;; *sso*) ready='^Sign in here' ;; esac
  until grep -q "$ready" server.log; do kill -0 "$server"; sleep 0.2; done
  case "$1" in *demo*) create_token ;; esac
}
send() { curl -sf -X POST "$@"; }
read_json() { node -p "JSON.parse(fs.readFileSync(0)).$1"; }
sign_in() {
  url=http://127.0.0.1:$PORT/api/v1
  session=$(send -u '${ADMIN.email}:${ADMIN.password}' "$url/login" | read_json access_token)
}
create_token() {
  local url session
  sign_in
  send -H "Authorization: Bearer $session" -H 'Content-Type: application/json' -d '{}' \\
    "$url/orgs/current/personal-access-tokens" | read_json key > token.txt
}
tenantry() {
  case "$1" in
    login) allow_login "$@" ;;
    *) command tenantry "$@" ;;
  esac
}
allow_login() {
  local url session login code= org
  command tenantry "$@" 2> login.log &
  login=$!
  while [ -z "$code" ]; do
    kill -0 "$login"
    sleep 0.2
    code=$(sed -n 's/^or enter the code \\(.*\\) at .*/\\1/p' login.log)
  done
  sign_in
  org=$(curl -sf -H "Authorization: Bearer $session" "$url/orgs/current" | read_json id)
  send -H "Authorization: Bearer $session" -H "X-Organization-Id: $org" \\
    -d "organization_id=$org&user_code=$code" "$url/oauth/device/authorize"
  wait "$login"
}
`;

/** Types the commands of a page in their order; returns what they print, without the output of servers. */
async function follow(page: string, cwd: string, before: string[] = []): Promise<string> {
  const port = await freePort();
  const commands = [...before, ...commandsIn(page, port)];
  const typed = commands.map((line) => (SERVING.test(line) ? `serve '${line}'` : line));
  const PREFIX = join(cwd, '../global');
  const env = {
    ...COMPILED,
    ...{ ROOT, PREFIX, PORT: `${port}`, HOME: join(cwd, '..') },
    PATH: `${join(PREFIX, 'bin')}:${process.env['PATH']}`,
  };
  const { stdout, stderr } = await run('bash', ['-c', [PREAMBLE, ...typed].join('\n')], { cwd, env }).catch(
    ({ stdout: out, stderr: errors }: { stdout: string; stderr: string }) => {
      throw new Error(`${page}:\n${out}\n${errors}`);
    },
  );
  return stdout + stderr;
}

it(
  'types the commands of the README',
  async () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(ELSEWHERE.filter((command) => !text.includes(`\n${command}\n`))).toEqual([]);

    await follow('README.md', await clone());
  },
  LIMIT_MS,
);

it(
  'types the commands of the page of operators',
  async () => {
    const output = await follow('docs/start/operator.md', await clone());

    expect(output).toContain('{"ok":true}');
    expect(output).toContain('tenantry_build_info{');
    expect(output).toMatch(/^Errors: 0, warnings: \d$/m);
    const warnings = output.match(/^warning .+/gm) ?? [];
    expect(warnings.filter((line) => !OF_A_BUSY_MACHINE.test(line))).toEqual([]);
    expect(output).toContain('API_KEY_SALT: the same as in the backup.');
  },
  LIMIT_MS,
);

it(
  'types the commands of the pages of evaluators, administrators and developers, with one demo',
  async () => {
    const here = await clone();
    await follow('docs/start/evaluator.md', here);
    const administrator = await follow('docs/start/administrator.md', here, ['npm run demo']);
    const developer = await follow('docs/start/developer.md', here);

    expect(administrator).toContain('1 person was invited.');
    expect(developer).toContain('grace@example.com is Viewer.');
  },
  LIMIT_MS,
);
