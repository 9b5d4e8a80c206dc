import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { dataOf, isFinal } from '../api/client';
import { searchHelp } from '../help/search';
import { useAllRoles } from '../roles/role-list';
import { useMay } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { useGroupName } from '../user-groups/names';
import { useUserGroups } from '../user-groups/use-user-groups';
import type { searchTexts } from './texts';

type Kind = keyof (typeof searchTexts)['en']['kinds'];
/** `email`: that of a person. */
export type Result = { readonly to: string; readonly title: string; detail?: string | null; email?: string };
export type Section = { readonly kind: Kind; readonly results: readonly Result[] };
type Part = Section & { readonly isWaiting: boolean; readonly isFailed: boolean };

const MOST_RESULTS = 5;
const DEBOUNCE_MS = 250;
const MEMBERS = '/api/v1/orgs/current/members';

/** Some results of each kind; without a text all pages. What the user may not read is left out. */
export function useSearch(text: string, pages: readonly Result[]) {
  const [searched] = useDebouncedValue(text, DEBOUNCE_MS);
  const [people, invitations, help] = useFound(searched);
  const parts = [people, invitations, ...useLists(text), help];
  const all: Section[] = [{ kind: 'pages', results: named(pages, text) }, ...parts];
  const some = all.map(({ kind, results }) => ({ kind, results: results.slice(0, MOST_RESULTS) }));
  return {
    sections: text ? some.filter(({ results }) => results.length > 0) : all.slice(0, 1),
    isWaiting: text !== searched || (text !== '' && parts.some(({ isWaiting }) => isWaiting)),
    isIncomplete: text !== '' && parts.some(({ isFailed }) => isFailed),
  };
}

/** What the server and the index of the help find. A request is aborted when its text is not searched any more. */
function useFound(text: string): [people: Part, invitations: Part, help: Part] {
  const { api, orgId } = usePlace();
  const mayManage = useMay('organization:manage');
  const members = `/organizations/${orgId}/settings/members`;
  const params = { query: { q: text, limit: MOST_RESULTS, sort_by: 'name', sort_by_desc: false } } as const;
  const common = { enabled: text !== '', placeholderData: keepPreviousData, retry: false } as const;
  const people = useQuery({
    queryKey: ['search', orgId, 'people', text],
    queryFn: ({ signal }) => dataOf(api.GET(`${MEMBERS}/active`, { params, signal })),
    ...common,
  });
  const invitations = useQuery({
    queryKey: ['search', orgId, 'invitations', text],
    queryFn: ({ signal }) => dataOf(api.GET(`${MEMBERS}/pending`, { params, signal })),
    ...common,
  });
  const help = useQuery({ queryKey: ['help', text], queryFn: () => searchHelp(text), ...common });
  const listed = (email = '') => `${members}?q=${encodeURIComponent(email)}`;
  return [
    part('people', people, ({ id, full_name: name, email }) =>
      person(mayManage ? `${members}/${id}` : listed(email ?? ''), name, email ?? ''),
    ),
    part('invitations', invitations, ({ full_name: name, email }) =>
      person(`${listed(email)}&tab=pending`, name, email),
    ),
    part('help', help, ({ to, title, page }) => ({ to, title, detail: page === title ? null : page })),
  ];
}

const person = (to: string, name: string | null | undefined, email: string): Result =>
  name ? { to, title: name, detail: email, email } : { to, title: email, email };

/** What is found by name in whole lists, which are in the cache already or read when the dialog opens. */
function useLists(text: string): Part[] {
  const { orgId } = usePlace();
  const groupName = useGroupName();
  const groups = useUserGroups();
  const { hasNextPage, isFetching, isError, fetchNextPage } = groups;
  useEffect(() => {
    if (text !== '' && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [text, hasNextPage, isFetching, isError, fetchNextPage]);
  const path = `/organizations/${orgId}`;
  const all = [
    part('workspaces', useWorkspaces(orgId), ({ id, display_name: title }) => {
      return { to: `${path}/workspaces/${id}/members`, title };
    }),
    part('groups', groups, (group) => {
      return {
        to: `${path}/settings/user-groups/${group.id}`,
        title: groupName(group),
        detail: group.description,
      };
    }),
    part('roles', useAllRoles(), ({ id, display_name: title }) => {
      return { to: `${path}/settings/roles/${id}`, title };
    }),
  ];
  return all.map((list) => ({ ...list, results: named(list.results, text) }));
}

function named(results: readonly Result[], text: string): readonly Result[] {
  const wanted = text.toLocaleLowerCase();
  return results.filter(({ title }) => title.toLocaleLowerCase().includes(wanted));
}

type Known = 'data' | 'error' | 'isLoading' | 'isPlaceholderData';
type Query<Row> = Pick<UseQueryResult<readonly Row[]>, Known>;

/** A part that is refused is empty, not failed. */
const part = <Row>(kind: Kind, query: Query<Row>, toResult: (row: Row) => Result): Part => ({
  kind,
  results: (query.data ?? []).map(toResult),
  isWaiting: query.isLoading || query.isPlaceholderData,
  isFailed: query.error !== null && !isFinal(query.error),
});
