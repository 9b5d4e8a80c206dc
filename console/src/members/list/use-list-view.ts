import { useSearchParams } from 'react-router';
import type { Schemas } from '../../api/client';

export type SortField = Schemas['MemberSortField'];

const FIELDS: readonly SortField[] = ['name', 'email', 'role', 'created_at'];
const FILTERS = ['role', 'state', 'source', 'seen', 'group', 'ends'] as const;

export type FilterName = (typeof FILTERS)[number];
export type Filters = { readonly [Name in FilterName]?: string };

/** What a table shows; kept in the address, so that a reload, the back button and a sent link show the same. */
export type ListView = {
  readonly query: string;
  readonly filters: Filters;
  readonly sortBy: SortField;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
};

/** The first page of everything. */
export const WHOLE: ListView = { query: '', filters: {}, sortBy: 'created_at', isDescending: true, page: 1 };

export const isFiltered = ({ query, filters }: ListView): boolean =>
  query !== '' || Object.keys(filters).length > 0;

/** The view of a table in the query string of the address; defaults are left out. */
export function useListView(): [ListView, (change: Partial<ListView>) => void] {
  const [search, setSearch] = useSearchParams();
  const view: ListView = {
    query: search.get('q') ?? '',
    filters: Object.fromEntries(FILTERS.flatMap((name) => filterIn(search, name))),
    sortBy: FIELDS.find((field) => field === search.get('sort')) ?? 'created_at',
    isDescending: search.get('order') !== 'up',
    page: Math.max(1, Number(search.get('page')) || 1),
  };
  const setView = (change: Partial<ListView>) =>
    setSearch((current) => written(current, { ...view, page: 1, ...change }), {
      replace: change.query !== undefined && view.query !== '', // one step back leaves the search, not a letter
    });
  return [view, setView];
}

function filterIn(search: URLSearchParams, name: FilterName): [FilterName, string][] {
  const value = search.get(name);
  return value ? [[name, value]] : [];
}

function written(current: URLSearchParams, view: ListView): URLSearchParams {
  const { query, filters, sortBy, isDescending, page } = view;
  const next = new URLSearchParams(current);
  const values = {
    q: query,
    ...Object.fromEntries(FILTERS.map((name) => [name, filters[name]])),
    sort: sortBy === 'created_at' ? '' : sortBy,
    order: isDescending ? '' : 'up',
    page: page === 1 ? '' : String(page),
  };
  for (const [name, value] of Object.entries(values))
    if (value) next.set(name, value);
    else next.delete(name);
  return next;
}
