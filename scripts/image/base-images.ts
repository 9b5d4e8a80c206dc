/**
 * The two images that the Containerfile starts from, made of Debian packages: for machines that reach Debian's mirror and
 * no image registry. Packages are unpacked and not configured, so that no script of theirs runs.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildah, run } from './engine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOST_CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const RUNTIME = ['libc6', 'libstdc++6', 'libgcc-s1', 'ca-certificates', 'tzdata', 'netbase'];
const TOOLS = ['dash', 'coreutils', 'binutils'];
/** What the packages above depend on for scripts of the package manager. */
const NOT_NEEDED = /^(debconf|openssl|openssl-provider-legacy|libssl3t64|libzstd1|zlib1g)$/;

export const BASE = 'localhost/tenantry-base';
export const BUILD = 'localhost/tenantry-build';

/** @throws Error if packages cannot be downloaded */
export function makeBaseImages(folder: string): void {
  importImage(BASE, unpack(join(folder, 'base'), RUNTIME, NOT_NEEDED));
  const build = withNode(unpack(join(folder, 'build'), [...RUNTIME, ...TOOLS]));
  importImage(BUILD, build, ['HOME=/root', `NODE_EXTRA_CA_CERTS=${HOST_CERTIFICATES}`]);
}

function unpack(root: string, packages: readonly string[], except?: RegExp): string {
  const downloads = `${root}.packages`;
  mkdirSync(downloads, { recursive: true });
  run('sh', [
    '-c',
    'cd "$1" && shift && apt-get download -qq "$@"',
    'sh',
    downloads,
    ...closure(packages, except),
  ]);
  for (const link of ['bin', 'lib', 'lib64', 'sbin']) {
    mkdirSync(join(root, 'usr', link), { recursive: true });
    symlinkSync(`usr/${link}`, join(root, link));
  }
  for (const file of readdirSync(downloads)) {
    const archive = run('sh', [
      '-c',
      'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"',
      'sh',
      join(downloads, file),
      root,
    ]);
    if (archive) throw new Error(archive);
  }
  for (const unused of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/lintian', 'var'])
    rmSync(join(root, unused), { recursive: true, force: true });
  mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
  writeCertificates(root);
  return root;
}

/** With everything that the packages depend on, as if nothing were installed. */
function closure(packages: readonly string[], except = /^$/): string[] {
  const asked = [
    'install',
    '--print-uris',
    '-qq',
    '-o',
    'Dir::State::status=/dev/null',
    '-o',
    'APT::Install-Recommends=false',
  ];
  return run('apt-get', [...asked, ...packages])
    .split('\n')
    .flatMap((line) => /^'[^']*' ([^_]+)_/.exec(line)?.[1] ?? [])
    .filter((name) => !except.test(name));
}

/** The bundle that the script of ca-certificates would have written. */
function writeCertificates(root: string): void {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
  writeFileSync(join(root, 'etc/ssl/certs/ca-certificates.crt'), bundle.join(''));
}

/** The build stage trusts the authorities of this machine, whose registry may be a mirror. */
function withNode(root: string): string {
  const npm = dirname(dirname(run('readlink', ['-f', run('which', ['npm'])])));
  const modules = join(root, 'usr/local/lib/node_modules/npm');
  cpSync(npm, modules, { recursive: true, verbatimSymlinks: true });
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  if (existsSync(HOST_CERTIFICATES)) cpSync(HOST_CERTIFICATES, join(root, HOST_CERTIFICATES));
  return root;
}

function importImage(name: string, root: string, environment: readonly string[] = []): void {
  const container = buildah('from', 'scratch');
  buildah('add', '--quiet', container, root, '/');
  buildah('config', ...[PATH, ...environment].map((variable) => `--env=${variable}`), container);
  buildah('commit', '--quiet', '--rm', container, name);
}

/** The registry of this machine's npm. */
export const registry = (): string => run('npm', ['config', 'get', 'registry', '--prefix', ROOT]);
