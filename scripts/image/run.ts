/**
 * `npm run image`: builds the images of the Containerfile on bases made of Debian packages, and tests them. Says why, and
 * exits with 0, where that is not possible. `npm run image -- keep` leaves the images in the local store.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE, BUILD, makeBaseImages, registry } from './base-images.ts';
import { buildah, missingPrerequisite, removeStore, run, useSharedStore } from './engine.ts';
import { testImages } from './test-images.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TARGETS = { server: [], embedded: ['--target=embedded'], development: ['--target=development'] };

if (process.argv.includes('keep')) useSharedStore();
try {
  const reason = missingPrerequisite() ?? unpackBases();
  if (reason === null) await testImages(buildImages());
  else console.log(`The image was not built and tested: ${reason}.`);
} finally {
  removeStore();
}

function unpackBases(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-image-'));
  try {
    timed('bases from Debian packages', () => makeBaseImages(folder));
    return null;
  } catch (error) {
    return `no base could be made of Debian packages (${(error as Error).message.split('\n', 3).join(' ')})`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The names of the images by target. */
function buildImages(): Record<keyof typeof TARGETS, string> {
  const names = { server: '', embedded: '', development: '' };
  for (const target of ['server', 'embedded', 'development'] as const) {
    names[target] = `localhost/tenantry:${target}`;
    timed(`target ${target}`, () =>
      buildah('build', ...buildArguments(), ...TARGETS[target], '--tag', names[target], ROOT),
    );
  }
  return names;
}

/** `--format docker` keeps the HEALTHCHECK, which the OCI format has no field for. */
function buildArguments(): string[] {
  const commit = run('git', ['-C', ROOT, 'log', '-1', '--format=%ct %H']);
  const [seconds = '', revision = ''] = commit.split(' ');
  const values = {
    BASE,
    BUILD,
    NPM_CONFIG_REGISTRY: registry(),
    VERSION: run('node', ['-p', `require('${ROOT}/package.json').version`]),
    REVISION: revision,
    CREATED: new Date(Number(seconds) * 1000).toISOString(),
  };
  return [
    ...['--quiet', '--format=docker', '--isolation=chroot', '--layers', `--timestamp=${seconds}`],
    ...Object.entries(values).map(([name, value]) => `--build-arg=${name}=${value}`),
    `--file=${join(ROOT, 'Containerfile')}`,
  ];
}

function timed(what: string, work: () => void): void {
  const begun = performance.now();
  work();
  console.log(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
