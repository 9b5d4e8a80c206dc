import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../../api/client';
import { useMay, useOrganization } from '../../session/use-organization';
import { usePlace } from '../../session/use-workspaces';
import { useGroupName } from '../../user-groups/names';
import { usePageTexts } from '../../texts/texts';
import type { FilterName } from '../list/use-list-view';
import type { Role } from '../../roles/role-list';
import { filterTexts } from './texts';

export type Option = { readonly value: string; readonly label: string };
export type Filter = {
  readonly name: FilterName;
  readonly label: string;
  /** The label of the choice that does not filter. */
  readonly any: string;
  readonly options: readonly Option[];
};

const DAYS = [30, 90, 180];
const DAYS_TO_END = [7, 30, 90];

/** How active members can be filtered, as far as the caller may read what the filters are about. */
export function useActiveFilters(roles: readonly Role[]): Filter[] {
  const texts = usePageTexts(filterTexts);
  const mayManage = useMay('organization:manage');
  const groups = useGroupOptions({ withWorkspaceGroups: true });
  const seen = DAYS.map((days) => ({ value: String(days), label: texts.notSeenFor(days) }));
  const filters: Filter[] = [roleFilter(roles, texts)];
  filters.push({
    name: 'state',
    label: texts.state,
    any: texts.anyState,
    options: [
      { value: 'enabled', label: texts.enabled },
      { value: 'disabled', label: texts.disabled },
    ],
  });
  const ends = DAYS_TO_END.map((days) => ({ value: String(days), label: texts.endsWithin(days) }));
  ends.push({ value: 'set', label: texts.hasEnd });
  filters.push({ name: 'ends', label: texts.ends, any: texts.anyEnd, options: ends });
  if (mayManage) {
    const sources = Object.entries(texts.sources).map(([value, label]) => ({ value, label }));
    filters.push({ name: 'source', label: texts.source, any: texts.anySource, options: sources });
    const options = [...seen, { value: 'never', label: texts.neverSeen }];
    filters.push({ name: 'seen', label: texts.seen, any: texts.anySeen, options });
  }
  if (groups.length > 0)
    filters.push({ name: 'group', label: texts.group, any: texts.anyGroup, options: groups });
  return filters;
}

/** `states`: further states that can be chosen. */
export function usePendingFilters(roles: readonly Role[], states: readonly Option[]): Filter[] {
  const texts = usePageTexts(filterTexts);
  const options = [
    { value: 'open', label: texts.open },
    { value: 'expired', label: texts.expired },
    ...states,
  ];
  return [roleFilter(roles, texts), { name: 'state', label: texts.state, any: texts.anyState, options }];
}

const roleFilter = (roles: readonly Role[], texts: { role: string; anyRole: string }): Filter => ({
  name: 'role',
  label: texts.role,
  any: texts.anyRole,
  options: roles.map(({ id, display_name: label }) => ({ value: id, label })),
});

/** Of the first hundred groups of the organization; none for callers who may not read them. */
export function useGroupOptions({ withWorkspaceGroups = false } = {}): Option[] {
  const { api, orgId } = usePlace();
  const nameOf = useGroupName();
  const hasGroups = useOrganization().data?.config.can_use_teams ?? false;
  const mayRead = useMay('organization:user-groups:read');
  const { data: { items: groups } = { items: [] } } = useQuery({
    queryKey: ['user-groups', orgId, 'options'],
    queryFn: () =>
      dataOf(api.GET('/v1/platform/orgs/current/user-groups', { params: { query: { page_size: 100 } } })),
    enabled: hasGroups && mayRead,
  });
  return groups
    .filter(({ workspace_id: ofWorkspace }) => withWorkspaceGroups || !ofWorkspace)
    .map((group) => ({ value: group.id, label: nameOf(group) }));
}
