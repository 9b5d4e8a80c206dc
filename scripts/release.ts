/**
 * What `.github/workflows/release.yml` needs of this repository.
 *
 * `node scripts/release.ts check [TAG]` fails unless every file has the version of package.json and CHANGELOG.md has notes
 * for it, and, with a tag, unless that is `v` and this version. `node scripts/release.ts notes [ADDRESS]` prints these notes,
 * with links that lead to the files at ADDRESS.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Each place in which a version is written, with that version. */
type Places = ReadonlyMap<string, string | undefined>;

const ROOT = new URL('../', import.meta.url);
const VERSION = /^\d+\.\d+\.\d+$/; // pre-releases are not published

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const readJson = (path: string) =>
  JSON.parse(read(path)) as {
    name?: string;
    version?: string;
    dependencies?: Record<string, string>;
    info?: { version?: string };
  };

/** What prevents a release, in sentences. */
export function releaseProblems(version: string, places: Places, changelog: string, tag?: string): string[] {
  const others = [...places]
    .filter(([, written]) => written !== version)
    .map(([place, written]) => `${place} has ${written ?? 'no version'}, package.json has ${version}.`);
  return [
    ...(VERSION.test(version) ? [] : [`package.json: ${version} is not MAJOR.MINOR.PATCH.`]),
    ...(tag === undefined || tag === `v${version}` ? [] : [`The tag is ${tag}, not v${version}.`]),
    ...others,
    ...(notesIn(changelog, version) ? [] : [`CHANGELOG.md has no dated section with notes for ${version}.`]),
  ];
}

/**
 * The section of a version without its heading, for the page of a release: it shows each end of a line, and is in no folder
 * to which links to files could be relative.
 *
 * @throws Error if there is none
 */
export function releaseNotes(changelog: string, version: string, address?: string): string {
  const notes = notesIn(changelog, version);
  if (!notes) throw new Error(`CHANGELOG.md has no dated section with notes for ${version}`);
  const unwrapped = notes.replaceAll(/(?<=\S)\n *(?=[^\s*#|-])/g, ' ');
  if (address === undefined) return unwrapped;
  return unwrapped.replaceAll(/\]\((?![a-z]+:|#)/g, `](${address.replace(/\/$/, '')}/`);
}

/** Empty if there are none. */
function notesIn(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m);
  const own = sections.find((section) => section.startsWith(`[${version}] - 20`)) ?? '';
  return own.slice(own.indexOf('\n')).trim();
}

function readPlaces(): Places {
  const chart = read('deploy/chart/Chart.yaml');
  const manifests = readdirSync(new URL('packages', ROOT)).map((name) => `packages/${name}/package.json`);
  const clients = manifests.flatMap((path) => {
    const client = readJson(path).dependencies?.['@tenantry/client'];
    return client === undefined ? [] : [[`${path}, its client`, client] as const];
  });
  return new Map<string, string | undefined>([
    ...['package-lock.json', ...manifests].map((path) => [path, readJson(path).version] as const),
    ...clients,
    ['openapi/served.json', readJson('openapi/served.json').info?.version],
    ['deploy/chart/Chart.yaml, version', /^version: (.+)$/m.exec(chart)?.[1]],
    ['deploy/chart/Chart.yaml, appVersion', /^appVersion: (.+)$/m.exec(chart)?.[1]],
    ['docs/install-kubernetes.md', /tenantry:(\d\S+)/.exec(read('docs/install-kubernetes.md'))?.[1]],
  ]);
}

function main([command, argument]: readonly string[]): void {
  const { version = '' } = readJson('package.json');
  const changelog = read('CHANGELOG.md');
  if (command === 'notes') console.log(releaseNotes(changelog, version, argument));
  else if (command === 'check') {
    const problems = releaseProblems(version, readPlaces(), changelog, argument);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  } else {
    console.error('usage: node scripts/release.ts check [TAG] | notes [ADDRESS]');
    process.exitCode = 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
