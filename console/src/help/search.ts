import type MiniSearch from 'minisearch';
import { SEARCH_OPTIONS, type SearchedSection } from './search-options';

/** A section of the help: `to` is the path of its page with the anchor. */
export type HelpResult = { title: string; page: string; to: string };

let loading: Promise<MiniSearch<SearchedSection>> | undefined;

async function loadIndex(): Promise<MiniSearch<SearchedSection>> {
  const [{ default: Index }, { default: json }] = await Promise.all([
    import('minisearch'),
    import('virtual:help-search'),
  ]);
  return Index.loadJSON(json, SEARCH_OPTIONS);
}

/** Sections with all words of the text, or its beginnings of words, the best first. Loads the index with the first call. */
export async function searchHelp(text: string): Promise<HelpResult[]> {
  loading ??= loadIndex().catch((error: unknown) => {
    loading = undefined; // to be tried again
    throw error;
  });
  const index = await loading;
  const found = index.search(text, {
    prefix: true,
    fuzzy: 0.2,
    combineWith: 'AND',
    boost: { title: 4, page: 2 },
    boostDocument: (_id, _term, stored) => BOOSTS[String(stored?.['group'])] ?? 1,
  });
  return found.map(({ id, title, page }) => ({
    to: id as string,
    title: title as string,
    page: page as string,
  }));
}

/** Guides for administrators come first; what only developers read comes last. */
const BOOSTS: Readonly<Record<string, number>> = {
  guides: 4,
  start: 2,
  providers: 1.5,
  development: 0.3,
  reference: 0.5,
};
