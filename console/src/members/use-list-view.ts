import { useSearchParams } from 'react-router';
import type { ListView, SortField } from './use-members';

const FIELDS: readonly SortField[] = ['name', 'email', 'role', 'created_at'];

/** The view of a table in the query string of the address; defaults are left out. */
export function useListView(): [ListView, (change: Partial<ListView>) => void] {
  const [search, setSearch] = useSearchParams();
  const view: ListView = {
    query: search.get('q') ?? '',
    sortBy: FIELDS.find((field) => field === search.get('sort')) ?? 'created_at',
    isDescending: search.get('order') !== 'up',
    page: Math.max(1, Number(search.get('page')) || 1),
  };
  const setView = (change: Partial<ListView>) =>
    setSearch((current) => written(current, { ...view, page: 1, ...change }), { replace: true });
  return [view, setView];
}

function written(current: URLSearchParams, { query, sortBy, isDescending, page }: ListView): URLSearchParams {
  const next = new URLSearchParams(current);
  const values = {
    q: query,
    sort: sortBy === 'created_at' ? '' : sortBy,
    order: isDescending ? '' : 'up',
    page: page === 1 ? '' : String(page),
  };
  for (const [name, value] of Object.entries(values))
    if (value) next.set(name, value);
    else next.delete(name);
  return next;
}
