import type { Options } from 'minisearch';

/** A part of a page below a heading. `to`: its path in the console. */
export type SearchedSection = {
  readonly to: string;
  readonly title: string;
  readonly page: string;
  readonly text: string;
  readonly group: string;
};

/** The same when the index is built and when it is read. */
export const SEARCH_OPTIONS: Options<SearchedSection> = {
  idField: 'to',
  fields: ['title', 'page', 'text'],
  storeFields: ['title', 'page', 'group'],
};
