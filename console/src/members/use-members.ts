import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf, pageOf, type Schemas } from '../api/client';
import { usePlace } from '../shell/use-workspaces';

export type Member = Schemas['MemberIdentity'];
export type PendingMember = Schemas['PendingIdentity'];
export type Role = Schemas['Role'];
export type SortField = Schemas['MemberSortField'];

export const PAGE_SIZE = 50;

/** What a table shows; kept in the address, so that a reload and the back button keep it. */
export type ListView = {
  readonly query: string;
  readonly sortBy: SortField;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
};

export const queryOf = ({ query, sortBy, isDescending, page }: ListView) => ({
  q: query || undefined,
  sort_by: sortBy,
  sort_by_desc: isDescending,
  limit: PAGE_SIZE,
  offset: (page - 1) * PAGE_SIZE,
});

const membersKey = (workspaceId: string) => ['workspace-members', workspaceId];

export function useActiveMembers(view: ListView) {
  const { api, workspaceId } = usePlace();
  return useQuery({
    queryKey: [...membersKey(workspaceId), 'active', view],
    queryFn: () =>
      pageOf(api.GET('/api/v1/workspaces/current/members/active', { params: { query: queryOf(view) } })),
    placeholderData: keepPreviousData,
  });
}

export function usePendingMembers(view: ListView) {
  const { api, workspaceId } = usePlace();
  return useQuery({
    queryKey: [...membersKey(workspaceId), 'pending', view],
    queryFn: () =>
      pageOf(api.GET('/api/v1/workspaces/current/members/pending', { params: { query: queryOf(view) } })),
    placeholderData: keepPreviousData,
  });
}

/** The roles that members of a workspace can have. */
export const useWorkspaceRoles = () => useRoles('workspace');

/** The roles that members of an organization can have. */
export const useOrganizationRoles = () => useRoles('organization');

function useRoles(scope: 'workspace' | 'organization') {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['roles', orgId],
    queryFn: () => dataOf(api.GET('/api/v1/orgs/current/roles')),
    select: (roles) => roles.filter((role) => role.access_scope === scope),
  });
}

export function useRefreshMembers(): () => Promise<void> {
  const queries = useQueryClient();
  const { workspaceId } = usePlace();
  return () => queries.invalidateQueries({ queryKey: membersKey(workspaceId) });
}

type OnMember = { id: string };

export function useMemberActions() {
  const { api } = usePlace();
  const onSuccess = useRefreshMembers();
  const path = ({ id }: OnMember) => ({ params: { path: { identity_id: id } } });
  const changeRole = useMutation({
    mutationFn: ({ id, roleId }: OnMember & { roleId: string }) =>
      dataOf(
        api.PATCH('/api/v1/workspaces/current/members/{identity_id}', {
          ...path({ id }),
          body: { role_id: roleId },
        }),
      ),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (member: OnMember) =>
      dataOf(api.DELETE('/api/v1/workspaces/current/members/{identity_id}', path(member))),
    onSuccess,
  });
  return { changeRole, remove };
}

export function usePendingActions() {
  const { api } = usePlace();
  const onSuccess = useRefreshMembers();
  const path = ({ id }: OnMember) => ({ params: { path: { identity_id: id } } });
  const changeRole = useMutation({
    mutationFn: ({ id, roleId }: OnMember & { roleId: string }) =>
      dataOf(
        api.PATCH('/api/v1/workspaces/current/members/{identity_id}/pending', {
          ...path({ id }),
          body: { role_id: roleId },
        }),
      ),
    onSuccess,
  });
  const resend = useMutation({
    mutationFn: (member: OnMember) =>
      dataOf(api.POST('/api/v1/workspaces/current/members/{identity_id}/pending/resend', path(member))),
    onSuccess,
  });
  const revoke = useMutation({
    mutationFn: (member: OnMember) =>
      dataOf(api.DELETE('/api/v1/workspaces/current/members/{identity_id}/pending', path(member))),
    onSuccess,
  });
  return { changeRole, resend, revoke };
}
