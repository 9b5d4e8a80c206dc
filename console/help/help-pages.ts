import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RenderedPage, renderMarkdown } from './render-markdown.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Pages by the reader whom they help, in reading order. A name with `*`: all others of a folder. */
const GROUPS: Readonly<Record<string, string>> = {
  guides: 'guides/single-sign-on guides/scim guides/move-people-in guides/let-people-go',
  start: 'start/evaluator start/administrator start/operator start/developer whats-new',
  providers: 'sso sso-saml scim ipsie',
  rules: 'contract contract/*',
  operation:
    'install-kubernetes operations upgrades backups doctor security retention scaling postgresql performance migrate-from-langsmith',
  development: 'architecture development testing testing-mutations',
  reference: 'glossary errors metrics schema reference/*',
};

/** `file`: where its links start. */
export type HelpPage = {
  readonly page: string;
  readonly group: string;
  readonly file: string;
  readonly source: string;
};

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const pageOf = (file: string) => file.replace(/^docs\//, '').replace(/(?:\/README)?\.md$/, '');

/** @throws Error if a page is in no group */
export function readHelpPages(): HelpPage[] {
  const files = globSync('docs/{,contract/,guides/,reference/,start/}*.md', { cwd: ROOT }).sort();
  const all = new Map(files.map((file) => [pageOf(file), { file, source: read(file) }]));
  all.set('whats-new', { file: 'CHANGELOG.md', source: whatsNew(read('CHANGELOG.md')) });
  const others = new Set(all.keys());
  const grouped = Object.entries(GROUPS).flatMap(([group, names]) =>
    names.split(' ').flatMap((name) => {
      const matching = [...others].filter(
        (page) => page === name || (name.endsWith('*') && page.startsWith(name.slice(0, -1))),
      );
      for (const page of matching) others.delete(page);
      return matching.map((page) => ({ page, group, file: '', source: '', ...all.get(page) }));
    }),
  );
  if (others.size > 0) throw new Error(`in no group of the help: ${[...others].join(', ')}`);
  return grouped;
}

/** `linkTo` and `image` return addresses, of a page of the help with an anchor that may be empty, and of a file. */
export function renderHelpPage(
  { file, source }: HelpPage,
  all: readonly HelpPage[],
  linkTo: (page: string, anchor: string) => string,
  image: (file: string) => string,
): RenderedPage {
  return renderMarkdown(file, source, (target, anchor) => {
    if (/\.(?:png|svg)$/.test(target)) return image(target);
    const named = target === 'CHANGELOG.md' ? undefined : pageOf(target.replace(/\/$/, ''));
    return all.some(({ page }) => page === named) && named !== undefined ? linkTo(named, anchor) : null;
  });
}

/** What the versions say to people who use the console, the newest first. */
function whatsNew(changelog: string): string {
  const versions = changelog.matchAll(
    /^## \[([\d.]+|Unreleased)\](?: - (\S+))?\n([\s\S]*?)(?=^## |(?![\s\S]))/gm,
  );
  const parts = [...versions].flatMap(([, version, date, section]) => {
    const text = /^### For people who use the console\n([\s\S]*?)(?=^### |(?![\s\S]))/m.exec(
      section ?? '',
    )?.[1];
    return text ? [`## ${date ? `Version ${version}, ${date}` : 'Next version'}\n${text}`] : [];
  });
  return ["# What's new\n", ...parts].join('\n');
}
