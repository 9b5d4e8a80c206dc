import { useQuery, useQueryClient } from '@tanstack/react-query';
import { apiIn, dataOf, pageOf, type Schemas } from '../api/client';
import { useChange } from '../common/use-change';
import { useUndo } from '../saved/use-undo';
import type { Saved } from '../saved/saved';
import { usePlace, useWorkspace } from '../shell/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { againTexts } from './again-texts';
import { activeQuery, pendingQuery, useMemberList } from './use-member-list';

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
export type NewRole = Listed & { readonly roleId: string };

/** The parameters of a request about one row. */
export const at = ({ id }: Listed) => ({ params: { path: { identity_id: id } } });

export function useMemberActions() {
  const { api, workspaceId } = usePlace();
  const key = membersKey(workspaceId);
  const undo = useUndo(key);
  const changeRole = ({ id, roleId }: NewRole) =>
    dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...at({ id }), body: { role_id: roleId } }));
  return {
    changeRole: useChange(changeRole, key),
    undoRole: (
      { id, user_id: userId, role_id: before }: Schemas['MemberIdentity'],
      after: string,
      doneText: string,
    ) =>
      undo({
        before: before ?? '',
        after,
        read: async () => {
          const query = { user_ids: [userId], limit: 1 };
          const [member] = await dataOf(api.GET(`${PATH}/active`, { params: { query } }));
          return member?.role_id ?? undefined;
        },
        write: (roleId) => changeRole({ id, roleId }),
        doneText,
      }),
    remove: useChange((member: Listed) => dataOf(api.DELETE(`${PATH}/{identity_id}`, at(member))), key),
  };
}

export function usePendingActions() {
  const { api, workspaceId } = usePlace();
  const key = membersKey(workspaceId);
  const undo = useUndo(key);
  const changeRole = ({ id, roleId }: NewRole) =>
    dataOf(api.PATCH(`${PATH}/{identity_id}/pending`, { ...at({ id }), body: { role_id: roleId } }));
  return {
    changeRole: useChange(changeRole, key),
    undoRole: ({ id, email, workspace_role_id: before }: PendingMember, after: string, doneText: string) =>
      undo({
        before: before ?? '',
        after,
        read: async () => {
          const query = { emails: [email], limit: 1 };
          const [person] = await dataOf(api.GET(`${PATH}/pending`, { params: { query } }));
          return person?.workspace_role_id ?? undefined;
        },
        write: (roleId) => changeRole({ id, roleId }),
        doneText,
      }),
    resend: useChange(
      (person: Listed) => dataOf(api.POST(`${PATH}/{identity_id}/pending/resend`, at(person))),
      key,
    ),
    revoke: useChange(
      (person: Listed) => dataOf(api.DELETE(`${PATH}/{identity_id}/pending`, at(person))),
      key,
    ),
  };
}

/** Adds somebody again who was removed from the workspace, or whose invitation to it was revoked. */
export function useAddAgain() {
  const texts = usePageTexts(againTexts);
  const queries = useQueryClient();
  const { api, workspaceId } = usePlace();
  const access = useWorkspace()?.invite_access;
  return (person: Again, isMember: boolean): Saved['next'] => {
    if (!(isMember ? access?.may_add_members : access?.may_invite_new_people)) return undefined;
    const { email, full_name: fullName, roleId } = person;
    const who = fullName || email;
    return {
      label: isMember ? texts.addAgain : texts.inviteAgain,
      run: async () => {
        const body = [{ email, full_name: fullName ?? null, workspace_role_id: roleId }];
        await dataOf(api.POST(`${PATH}/batch`, { body }));
        await queries.invalidateQueries({ queryKey: membersKey(workspaceId) });
        return { text: isMember ? texts.added(who) : texts.invited(who) };
      },
    };
  };
}

type Again = { readonly email: string; readonly full_name?: string | null; readonly roleId: string | null };
