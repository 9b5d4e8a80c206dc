/**
 * `npm run check:contract`: every citation of `docs/contract/PAGE.md#ANCHOR` must name an existing heading, and no text
 * may cite a document outside of the repository.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Source = { readonly path: string; readonly text: string };
export type BadCitation = { readonly path: string; readonly line: number; readonly citation: string };

const CITATION = /\bcontract\/([a-z-]+\.md)(?:#([a-z0-9-]+))?/g;
const OUTSIDE = [
  /\bcontract decisions? \d+/g,
  /\bsemantics, section \d+/g,
  /\boperations(?:\.md)?, row \d+/g,
];

/** The anchor of a heading, as GitHub generates it; a second one of a page gets `-1`. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** The anchors of a Markdown page. */
export function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.matchAll(/^#{1,6} +(.+)$/gm);
  return new Set([...headings].map(([, heading]) => slugOf(heading!)));
}

/** The citations in `sources` that match no heading in `pages` (page name to anchors). */
export function badCitations(
  sources: readonly Source[],
  pages: ReadonlyMap<string, ReadonlySet<string>>,
): BadCitation[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const unresolved = [...line.matchAll(CITATION)].filter(
        ([, page, anchor]) => !pages.has(page!) || (anchor !== undefined && !pages.get(page!)!.has(anchor)),
      );
      const outside = OUTSIDE.flatMap((pattern) => [...line.matchAll(pattern)]);
      return [...unresolved, ...outside].map(([citation]) => ({ path, line: index + 1, citation }));
    }),
  );
}

/** The anchors of the pages in a folder, by page name. */
export function readPages(folder: string): Map<string, ReadonlySet<string>> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return new Map(names.map((name) => [name, anchorsOf(readFileSync(join(folder, name), 'utf8'))]));
}
