import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf, pageOf, type Schemas } from '../api/client';
import { type ListView, queryOf } from '../members/use-members';
import { usePlace } from '../shell/use-workspaces';

export type OrganizationMember = Schemas['OrgMemberIdentity'];
export type OrganizationInvitation = Schemas['OrgPendingIdentity'];
export type MemberAccess = Schemas['MemberAccess'];

const PATH = '/api/v1/orgs/current/members';
const membersKey = (orgId: string) => ['organization-members', orgId];

export function useOrganizationMembers(view: ListView) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...membersKey(orgId), 'active', view],
    queryFn: () => pageOf(api.GET(`${PATH}/active`, { params: { query: queryOf(view) } })),
    placeholderData: keepPreviousData,
  });
}

export function useOrganizationInvitations(view: ListView) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...membersKey(orgId), 'pending', view],
    queryFn: () => pageOf(api.GET(`${PATH}/pending`, { params: { query: queryOf(view) } })),
    placeholderData: keepPreviousData,
  });
}

/** What a member may do, and what granted it. */
export function useMemberAccess(identityId: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...membersKey(orgId), 'access', identityId],
    queryFn: () =>
      dataOf(api.GET(`${PATH}/{identity_id}/access`, { params: { path: { identity_id: identityId } } })),
  });
}

type OnMember = { id: string };

export function useOrganizationMemberActions() {
  const { api, orgId } = usePlace();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: membersKey(orgId) });
  const at = ({ id }: OnMember) => ({ params: { path: { identity_id: id } } });
  const changeRole = useMutation({
    mutationFn: ({ id, roleId }: OnMember & { roleId: string }) =>
      dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...at({ id }), body: { role_id: roleId } })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (member: OnMember) => dataOf(api.DELETE(`${PATH}/{identity_id}`, at(member))),
    onSuccess,
  });
  return { changeRole, remove };
}

export function useOrganizationInvitationActions() {
  const { api, orgId } = usePlace();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: membersKey(orgId) });
  const at = ({ id }: OnMember) => ({ params: { path: { identity_id: id } } });
  const resend = useMutation({
    mutationFn: (member: OnMember) => dataOf(api.POST(`${PATH}/{identity_id}/pending/resend`, at(member))),
    onSuccess,
  });
  const revoke = useMutation({
    mutationFn: (member: OnMember) => dataOf(api.DELETE(`${PATH}/{identity_id}/pending`, at(member))),
    onSuccess,
  });
  return { resend, revoke };
}
