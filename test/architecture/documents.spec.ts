import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anchorsOf } from '../../scripts/contract-citations.js';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
const source = globSync(['src/**/*.ts', '.github/workflows/*.yml'])
  .filter((file) => !file.endsWith('.spec.ts'))
  .map(text)
  .join('\n');

/** Without decision records and the changelog, which describe the past. */
const pages = globSync([
  '*.md',
  '.github/*.md',
  'docs/**/*.md',
  'deploy/**/*.md',
  'examples/*/*.md',
  'packages/*/*.md',
])
  .filter((path) => path !== 'CHANGELOG.md' && !/^docs\/decisions\/\d/.test(path))
  .sort();

/** Written by a command, and not in the repository. */
const GENERATED = ['bench/node_modules'];

/** A file or folder, or the beginning of the name of one, as `npm test` takes it. */
const exists = (path: string) => existsSync(path) || globSync(`${path}*`).length > 0;

/** The words between backticks, and the commands in code blocks. */
const quotedIn = (page: string) =>
  [...text(page).matchAll(/`([^`\n]+)`|^\s*(npm .*)$/gm)].map(([, inline, line]) => inline ?? line ?? '');

function missingPaths(page: string): string[] {
  const paths = quotedIn(page)
    .flatMap((words) => words.split(/[\s,]+/))
    .filter((word) =>
      /^(?:src|test|docs|scripts|migrations|deploy|console|openapi|bench|examples|packages)\/[^<*…{]+$/.test(
        word,
      ),
    );
  return paths.filter((path) => !exists(path.replace(/[#:].*/, '')) && !GENERATED.includes(path));
}

const missingScripts = (page: string) =>
  quotedIn(page)
    .flatMap((words) => [...words.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name!))
    .filter((name) => !(name in scripts));

function brokenLinks(page: string): string[] {
  const targets = [...text(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
    ([, target]) => target!,
  );
  return targets.filter((target) => {
    const [path, anchor] = target.split('#');
    const file = path === '' ? page : posix.join(posix.dirname(page), path!);
    if (!existsSync(file)) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(text(file)).has(anchor);
  });
}

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));
/** Of all code, without this file, which has names in `FOREIGN`. */
const codeTexts = files
  .filter((path) => /\.(?:tsx?|m?js|json|sql|ya?ml|sh|html|css|mustache)$/.test(path))
  .filter((path) => !['package-lock.json', 'test/architecture/documents.spec.ts'].includes(path))
  .map(text);
const code = codeTexts.join('\n');
const codeWords = new Set(code.match(/[A-Za-z_]\w*/g));

/** Pages of today, and the decisions that hold. */
const truePages = [
  ...pages.filter((page) => /^(?:README|CONTRIBUTING)\.md$|^docs\//.test(page)),
  ...globSync('docs/decisions/[0-9]*.md').filter((page) => /^status: accepted$/m.test(text(page))),
].sort();

/** Names of other products and examples, which stand nowhere in the code. */
const FOREIGN = new Set([
  ...['NNNN-short-title.md', 'own.yaml', 'data/secrets.json', 'OnlyAdminsManageNotes'],
  ...['appRoleAssignments', 'aadOptscim062020', 'mailNickname', 'userPrincipalName'], // Entra ID
  ...['AuthnContextClassRef', 'idTokens', 'insecureSkipSignatureValidation', 'useMetadataDescriptorUrl'], // SAML bridges
  ...['lib/env.ts', 'goauthentik/authentik', 'mitodl/keycloak-scim', 'suvera/keycloak-scim2-storage'],
  ...['CrashLoopBackOff', 'CreateContainerConfigError', 'gcr.io/distroless/cc-debian13'],
  ...['EnvHttpProxyAgent', 'TenantUsageLimitInfo', 'pg_last_wal_replay_lsn'],
]);

/** A file or folder by the end of its path, or by the end of its path without what follows the first dot. */
const isPath = (path: string) =>
  files.some((file) => `/${file}/`.includes(`/${path}/`) || `/${file}`.includes(`/${path}.`));

/** Whether it is written as `Class.method` somewhere, or a file that declares the class has the method. */
function isMember(name: string, member: string): boolean {
  const declaring = new RegExp(String.raw`\b(?:class|interface|type|const|function|enum) ${name}\b`);
  const texts = codeTexts.filter((content) => declaring.test(content));
  return (
    texts.length === 0 ||
    code.includes(`${name}.${member}`) ||
    texts.some((content) => new RegExp(String.raw`\b${member}\b`).test(content))
  );
}

/** Of words in backticks: names of files and folders, names in camel case, names that are called, and members of classes. */
function namesNothing(quoted: string): string[] {
  const path =
    /^(?![A-Z]+_)[\w-][\w./-]*$/.test(quoted) &&
    /\/\w|\.(?:tsx?|mjs|js|sql|json|ya?ml|html|md)$/.test(quoted);
  if (path) return isPath(quoted.replace(/\/$/, '')) || code.includes(quoted) ? [] : [quoted];
  const names = [...quoted.matchAll(/(?<![\w./$:"'%-])@?([A-Za-z]\w*(?:\.\w+)*)(\(?)(?![\w/-])/g)];
  return names.flatMap(([, dotted, call]) => {
    const parts = dotted!.split('.');
    const [name, member] = parts;
    const looksLikeCode = (part: string) => call || quoted === `@${part}` || /[a-z][A-Z]/.test(part);
    const unknown = parts.filter((part) => looksLikeCode(part) && !codeWords.has(part));
    const isGone = member && /^[A-Z]\w*[a-z]/.test(name!) && !isMember(name!, member);
    return isGone ? [...unknown, `${name}.${member}`] : unknown;
  });
}

it('knows which names stand for nothing', () => {
  expect(
    ['src/main.ts', 'auth/sign-in', 'Transaction.as', 'awaitAll(…)', '@OrgQuery'].flatMap(namesNothing),
  ).toEqual([]);
  expect(
    ['no-such-file.ts', 'auth/no-such', 'Transaction.listen', 'noSuchCall(1)', 'NoSuchClass'].flatMap(
      namesNothing,
    ),
  ).toEqual(['no-such-file.ts', 'auth/no-such', 'Transaction.listen', 'noSuchCall', 'NoSuchClass']);
});

it.each(truePages)('%s names nothing that is gone', (page) => {
  const quoted = [
    ...text(page)
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/`([^`\n]+)`/g),
  ].map(([, words]) => words!);

  expect(quoted.flatMap(namesNothing).filter((name) => !FOREIGN.has(name))).toEqual([]);
});

it('finds what documents name', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/contract/http.md']));
  expect(quotedIn('CONTRIBUTING.md')).toEqual(
    expect.arrayContaining(['src/app.module.ts', 'npm run lock:write']),
  );
  expect(exists('src/no-such-file.ts')).toBe(false);
});

describe.each(pages)('%s', (page) => {
  it('names only files, folders and scripts of the repository, and links to what exists', () => {
    expect({
      paths: missingPaths(page),
      scripts: missingScripts(page),
      links: brokenLinks(page),
    }).toEqual({ paths: [], scripts: [], links: [] });
  });
});

const guides = globSync('docs/guides/*.md').sort();

it.each([
  ...['evaluator', 'administrator', 'developer'].map((reader) => `docs/start/${reader}.md`),
  ...guides,
])('%s sets in bold only texts of the console', (page) => {
  const texts = globSync('console/src/**/*.{ts,tsx}').map(text).join('\n');
  const labels = [...text(page).matchAll(/\*\*([^*]+)\*\*/g)].map(([, label]) =>
    label!.replaceAll(/\s+/g, ' '),
  );

  expect(labels.length).toBeGreaterThan(5);
  expect(labels.filter((label) => label !== '⋯' && !texts.includes(`: '${label}'`))).toEqual([]);
});

it('guides have at most 600 words and a picture, and each picture is taken by the script', () => {
  const script = text('scripts/console-picture.ts');
  const pictures = globSync('docs/images/*.png').map((path) => posix.basename(path, '.png'));

  expect(guides).toHaveLength(4);
  expect(guides.filter((page) => text(page).split(/\s+/).length > 600)).toEqual([]);
  expect(guides.filter((page) => !/!\[.+\]\(\.\.\/images\/guide-.+\.png\)/.test(text(page)))).toEqual([]);
  expect(pictures.filter((name) => !new RegExp(`^  '?${name}'?: async`, 'm').test(script))).toEqual([]);
});

it('CONTRIBUTING.md names only decorators, classes and constants that the code has', () => {
  const names = quotedIn('CONTRIBUTING.md').flatMap(
    (word) => /^@?([A-Z]\w+)(?:\.(?!md$).*)?$/.exec(word)?.[1] ?? [],
  );
  const unknown = names.filter(
    (name) => !['GET', 'POST'].includes(name) && !new RegExp(String.raw`\b${name}\b`).test(source),
  );

  expect(names.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});

it('docs/architecture.md lists the modules, and at most 26 concepts with homes that exist', () => {
  const page = text('docs/architecture.md');
  const [, modules] = /```\n( instance[\s\S]+?)\n ─/.exec(page)!;
  const [, concepts] = /^\| concept \|.*\n.*\n((?:\|.*\n)+)/m.exec(page)!;
  const homes = [...concepts!.matchAll(/ \| ([^|]+) \|$/gm)].map(([, cell]) => cell!.split(', '));

  expect(new Set(modules!.split('\n').map((line) => line.trim().split(' ')[0]))).toEqual(
    new Set(globSync('src/modules/*').map((path) => path.split('/').at(-1))),
  );
  expect(homes).toHaveLength(concepts!.trim().split('\n').length);
  expect(homes.length).toBeLessThanOrEqual(26);
  expect(homes.flat().filter((path) => !existsSync(path.replaceAll('`', '')))).toEqual([]);
});

it('docs/development.md lists the modules in the order of .dependency-cruiser.mjs', async () => {
  const { mayImport } = (await import(new URL('../../.dependency-cruiser.mjs', import.meta.url).href)) as {
    mayImport: Record<string, string[]>;
  };
  const [, list] =
    /only through their `index\.ts`:\n\n([\s\S]+?)\n\n/.exec(text('docs/development.md')) ?? [];

  expect([...list!.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(Object.keys(mayImport));
});
