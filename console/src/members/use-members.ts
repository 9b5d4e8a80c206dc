import { useQuery } from '@tanstack/react-query';
import { namedEnd, type RoleUntil, temporaryRole } from '../access-ends/role-until';
import { apiIn, dataOf, pageOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { useUndo } from '../saved/use-undo';
import type { Saved } from '../saved/saved';
import { usePlace, useWorkspace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { againTexts } from './again-texts';
import { useSendAgain } from './use-send-again';
import { activeQuery, pendingQuery, useMemberList } from './use-member-list';

type Member = Schemas['MemberIdentity'];
export type PendingMember = Schemas['PendingIdentity'];
export type Role = Schemas['Role'];
export type SortField = Schemas['MemberSortField'];

const PATH = '/api/v1/workspaces/current/members';
const membersKey = (workspaceId: string) => ['workspace-members', workspaceId];

export function useActiveMembers() {
  const { api, workspaceId } = usePlace();
  return useMemberList([...membersKey(workspaceId), 'active'], (view, part) =>
    pageOf(api.GET(`${PATH}/active`, { params: { query: activeQuery(view, part) } })),
  );
}

export function usePendingMembers() {
  const { api, workspaceId } = usePlace();
  return useMemberList([...membersKey(workspaceId), 'pending'], (view, part) =>
    pageOf(api.GET(`${PATH}/pending`, { params: { query: pendingQuery(view, part) } })),
  );
}

/** The roles that members of a workspace can have, in the organization of the path or another one. */
export const useWorkspaceRoles = (orgId?: string) => useRoles('workspace', orgId);

/** The roles that members of an organization can have. */
export const useOrganizationRoles = () => useRoles('organization');

/** Those of both kinds, in one request for all three hooks. */
export const useAllRoles = () => useRoles(null);

export const rolesKey = (orgId: string) => ['roles', orgId];

function useRoles(scope: 'workspace' | 'organization' | null, other?: string) {
  const place = usePlace();
  const orgId = other ?? place.orgId;
  return useQuery({
    queryKey: rolesKey(orgId),
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/roles')),
    select: (roles) => roles.filter((role) => scope === null || role.access_scope === scope),
  });
}

/** A row of a list of members or invitations. */
export type Listed = { readonly id: string };
/** `until`: of a temporary role. */
export type NewRole = Listed & { readonly roleId: string; readonly until?: Until };
type Until = ReturnType<typeof temporaryRole>;

/** The parameters of a request about one row. */
export const at = ({ id }: Listed) => ({ params: { path: { identity_id: id } } });

/** The requests about members of the workspace; `key` is that of what they change. */
export function useMemberRequests() {
  const { api, workspaceId } = usePlace();
  return {
    key: membersKey(workspaceId),
    changeRole: ({ id, roleId, until }: NewRole) =>
      dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...at({ id }), body: { role_id: roleId, ...until } })),
    changeEnd: ({ id, ...body }: RoleUntil) =>
      dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...at({ id }), body })),
    readRole: async ({ user_id: userId }: Member) => {
      const query = { user_ids: [userId], limit: 1 };
      const [member] = await dataOf(api.GET(`${PATH}/active`, { params: { query } }));
      return member?.role_id ?? undefined;
    },
    remove: (member: Listed) => dataOf(api.DELETE(`${PATH}/{identity_id}`, at(member))),
  };
}

export function useMemberActions() {
  const { key, changeRole, changeEnd, readRole, remove } = useMemberRequests();
  const undo = useUndo(key);
  return {
    changeRole: useChange(changeRole, key),
    ends: { changeEnd, keys: [key] },
    undoRole: (member: Member, after: string, doneText: string) =>
      undo({
        before: member.role_id ?? '',
        after,
        read: () => readRole(member),
        write: (roleId) => changeRole({ id: member.id, roleId, until: temporaryRole(member) }),
        doneText,
      }),
    remove: useChange(remove, key),
  };
}

/** The requests about invitations to the workspace. */
export function usePendingRequests() {
  const { api, workspaceId } = usePlace();
  return {
    key: membersKey(workspaceId),
    changeRole: ({ id, roleId }: NewRole) =>
      dataOf(api.PATCH(`${PATH}/{identity_id}/pending`, { ...at({ id }), body: { role_id: roleId } })),
    changeEnd: ({ id, role_id, access_expires_at }: RoleUntil) =>
      dataOf(
        api.PATCH(`${PATH}/{identity_id}/pending`, { ...at({ id }), body: { role_id, access_expires_at } }),
      ),
    readRole: async ({ email }: PendingMember) => {
      const query = { emails: [email], limit: 1 };
      const [person] = await dataOf(api.GET(`${PATH}/pending`, { params: { query } }));
      return person?.workspace_role_id ?? undefined;
    },
    resend: (person: Listed) => dataOf(api.POST(`${PATH}/{identity_id}/pending/resend`, at(person))),
    revoke: (person: Listed) => dataOf(api.DELETE(`${PATH}/{identity_id}/pending`, at(person))),
  };
}

export function usePendingActions() {
  const { key, changeRole, readRole, resend, revoke } = usePendingRequests();
  const undo = useUndo(key);
  return {
    changeRole: useChange(changeRole, key),
    undoRole: (person: PendingMember, after: string, doneText: string) =>
      undo({
        before: person.workspace_role_id ?? '',
        after,
        read: () => readRole(person),
        write: (roleId) => changeRole({ id: person.id, roleId }),
        doneText,
      }),
    resend: useChange(resend, key),
    revoke: useChange(revoke, key),
  };
}

/** Adds people again who were removed from the workspace, or whose invitations to it were revoked. */
export function useAddAgain() {
  const texts = usePageTexts(againTexts);
  const sendAgain = useSendAgain();
  const { api, workspaceId } = usePlace();
  const access = useWorkspace()?.invite_access;
  return (people: readonly Again[], isMember: boolean): Saved['next'] => {
    if (!(isMember ? access?.may_add_members : access?.may_invite_new_people)) return undefined;
    return sendAgain({
      rows: people.map(({ email, full_name: fullName, roleId, end }) => ({
        email,
        full_name: fullName ?? null,
        workspace_role_id: roleId,
        ...namedEnd(end),
      })),
      send: (body) => dataOf(api.POST(`${PATH}/batch`, { body })),
      key: membersKey(workspaceId),
      label: isMember ? texts.addAgain : texts.inviteAgain,
      doneText: isMember ? texts.added : texts.invited,
    });
  };
}

type Again = {
  readonly email: string;
  readonly full_name?: string | null;
  readonly roleId: string | null;
  readonly end: string | null | undefined;
};
