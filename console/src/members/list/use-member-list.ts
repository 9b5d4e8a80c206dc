import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../api/client';
import { type Filters, type ListView, useListView } from './use-list-view';

export const PAGE_SIZE = 50;

export type Page<Row> = { readonly rows: Row[]; readonly total: number };
type Part = { readonly limit: number; readonly offset: number };
type Source = Schemas['MembershipSource'];

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

/** The list that the address asks for; `read` requests a part of it. */
export function useMemberList<Row>(
  key: QueryKey,
  read: (view: ListView, part: Part) => Promise<Page<Row>>,
): ShownList<Row> {
  const [view, setView] = useListView();
  const part = { limit: PAGE_SIZE, offset: (view.page - 1) * PAGE_SIZE };
  const list = useQuery({
    queryKey: [...key, view],
    queryFn: () => read(view, part),
    placeholderData: keepPreviousData,
  });
  return { view, setView, list, readPart: (other) => read(view, other) };
}

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
  ...(view.filters.source ? { sources: [view.filters.source as Source] } : {}),
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
