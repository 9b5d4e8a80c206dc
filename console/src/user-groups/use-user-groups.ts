import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { RoleUntil } from '../access-ends/role-until';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

export type UserGroup = Schemas['UserGroup'];
export type Grant = Schemas['UserGroupGrant'];
export type GroupMember = Schemas['UserGroupMember'];
export type GroupChange = Schemas['UserGroupUpdate'];
export type NewGroup = Pick<Schemas['UserGroupCreate'], 'name' | 'description'>;

const GROUPS = '/v1/platform/orgs/current/user-groups';
export const GROUP = `${GROUPS}/{user_group_id}` as const;
const PAGE_SIZE = 100;

export const groupsKey = (orgId: string) => ['user-groups', orgId];

type Page<Row> = { items: Row[]; next_cursor: string | null };

/** All pages that were read so far; `part` names the list. */
export function useList<Row>(
  part: readonly string[],
  read: (query: PageQuery) => Promise<Page<Row>>,
  enabled = true,
) {
  const { orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: [...groupsKey(orgId), ...part],
    queryFn: ({ pageParam }) => read({ page_size: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    enabled,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}

type PageQuery = { page_size: number; cursor?: string };

export const at = (id: string) => ({ path: { user_group_id: id } });

export function useUserGroups() {
  const { api } = usePlace();
  return useList(['list'], (query) => dataOf(api.GET(GROUPS, { params: { query } })));
}

export function useUserGroup(id: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...groupsKey(orgId), id],
    queryFn: () => dataOf(api.GET(GROUP, { params: at(id) })),
  });
}

export function useGroupMembers(id: string) {
  const { api } = usePlace();
  return useList([id, 'members'], (query) =>
    dataOf(api.GET(`${GROUP}/members`, { params: { ...at(id), query } })),
  );
}

/** A group of one workspace has none. */
export function useGrants(id: string, enabled = true) {
  const { api } = usePlace();
  return useList(
    [id, 'grants'],
    (query) => dataOf(api.GET(`${GROUP}/workspaces`, { params: { ...at(id), query } })),
    enabled,
  );
}

export function useCreateGroup() {
  const { api, orgId } = usePlace();
  return useChange((body: NewGroup) => dataOf(api.POST(GROUPS, { body })), groupsKey(orgId));
}

export function useDeleteGroup() {
  const { api, orgId } = usePlace();
  return useChange(({ id }: UserGroup) => dataOf(api.DELETE(GROUP, { params: at(id) })), groupsKey(orgId));
}

/** Changes of one group and of its members. */
export function useGroupActions(id: string) {
  const { api, orgId } = usePlace();
  const key = groupsKey(orgId);
  return {
    update: useChange((body: GroupChange) => dataOf(api.PATCH(GROUP, { params: at(id), body })), key),
    addMembers: useChange(
      (body: Schemas['UserGroupMembersAdd']) =>
        dataOf(api.POST(`${GROUP}/members`, { params: at(id), body })),
      key,
    ),
    removeMember: useChange(
      ({ identity_id: identityId }: GroupMember) =>
        dataOf(
          api.DELETE(`${GROUP}/members/{identity_id}`, {
            params: { path: { user_group_id: id, identity_id: identityId } },
          }),
        ),
      key,
    ),
  };
}

/** Changes of the roles that one group has in workspaces. */
export function useGrantActions(id: string) {
  const { api, orgId } = usePlace();
  const key = groupsKey(orgId);
  const inWorkspace = (workspaceId: string) => ({
    params: { path: { user_group_id: id, workspace_id: workspaceId } },
  });
  const patch = (workspaceId: string, body: Schemas['UserGroupGrantUpdate']) =>
    dataOf(api.PATCH(`${GROUP}/workspaces/{workspace_id}`, { ...inWorkspace(workspaceId), body }));
  return {
    ends: {
      changeEnd: ({ id: workspaceId, role_id, access_expires_at }: RoleUntil) =>
        patch(workspaceId, { role_id, access_expires_at }),
      keys: [key],
    },
    grant: useChange(
      (body: Schemas['UserGroupGrantCreate']) =>
        dataOf(api.POST(`${GROUP}/workspaces`, { params: at(id), body })),
      key,
    ),
    changeGrant: useChange(
      ({ workspaceId, roleId }: { workspaceId: string; roleId: string }) =>
        patch(workspaceId, { role_id: roleId }),
      key,
    ),
    takeBack: useChange(
      ({ workspace_id: workspaceId }: Grant) =>
        dataOf(api.DELETE(`${GROUP}/workspaces/{workspace_id}`, inWorkspace(workspaceId))),
      key,
    ),
  };
}
