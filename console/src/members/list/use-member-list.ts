import { keepPreviousData, type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../api/client';
import { PAGE_SIZE } from '../../common/pages';
import { type Filters, isFiltered, type ListView, useListView, WHOLE } from './use-list-view';

export type Page<Row> = { readonly rows: Row[]; readonly total: number };
type Part = { readonly limit: number; readonly offset: number };
type MembershipSource = Schemas['MembershipSource'];

/** A list on the server: the key of what was read, and how a part of it is read. */
export type Source<Row> = {
  readonly key: QueryKey;
  readonly read: (view: ListView, part: Part) => Promise<Page<Row>>;
};

/** What is shown, and the response of the server to it. */
export type ShownList<Row> = {
  readonly view: ListView;
  readonly setView: (change: Partial<ListView>) => void;
  readonly list: {
    data?: Page<Row> | undefined;
    error: Error | null;
    isFetching: boolean;
    refetch: () => unknown;
  };
  /** Some rows of all pages. */
  readonly readPart: (part: Part) => Promise<Page<Row>>;
};

/** The part of the list that the address asks for. */
export function useMemberList<Row>({ key, read }: Source<Row>): ShownList<Row> {
  const [view, setView] = useListView();
  const queries = useQueryClient();
  const part = { limit: PAGE_SIZE, offset: (view.page - 1) * PAGE_SIZE };
  const list = useQuery({
    queryKey: [...key, view],
    queryFn: async () => {
      const page = await read(view, part);
      if (!isFiltered(view)) queries.setQueryData(totalKey(key), page.total);
      return page;
    },
    placeholderData: keepPreviousData,
  });
  return { view, setView, list, readPart: (other) => read(view, other) };
}

/** How many rows the list has without filters; only asked for if the page does not read the list itself. */
export const useTotal = ({ key, read }: Source<unknown>, isRead: boolean): number | undefined =>
  useQuery({
    queryKey: totalKey(key),
    queryFn: async () => (await read(WHOLE, { limit: 1, offset: 0 })).total,
    enabled: !isRead,
  }).data;

const totalKey = (key: QueryKey) => [...key, 'total'];

const orderOf = ({ query, sortBy, isDescending }: ListView) => ({
  q: query || undefined,
  sort_by: sortBy,
  sort_by_desc: isDescending,
});

export const activeQuery = (view: ListView, part: Part) => ({
  ...orderOf(view),
  ...part,
  ...roleIn(view.filters),
  ...(view.filters.state ? { is_disabled: view.filters.state === 'disabled' } : {}),
  ...(view.filters.source ? { sources: [view.filters.source as MembershipSource] } : {}),
  ...seenIn(view.filters),
  ...endsIn(view.filters),
  ...(view.filters.group ? { user_group_ids: [view.filters.group] } : {}),
});

export const pendingQuery = (view: ListView, part: Part) => ({
  ...orderOf(view),
  ...part,
  ...roleIn(view.filters),
  ...(view.filters.state ? { is_expired: view.filters.state === 'expired' } : {}),
});

const roleIn = ({ role }: Filters) => (role ? { role_ids: [role] } : {});

const DAY_MS = 24 * 60 * 60 * 1000;

/** `never`, or a number of days. */
function seenIn({ seen }: Filters) {
  if (!seen) return {};
  if (seen === 'never') return { never_active: true };
  const since = Date.now() - (Number(seen) || 0) * DAY_MS;
  return { not_active_since: new Date(since).toISOString() };
}

/** `set`, or a number of days from now. */
function endsIn({ ends }: Filters) {
  if (!ends) return {};
  if (ends === 'set') return { has_access_end: true };
  const before = Date.now() + (Number(ends) || 0) * DAY_MS;
  return { access_expires_before: new Date(before).toISOString() };
}
