import { namedEnd, type RoleUntil, temporaryRole } from '../access-ends/role-until';
import { dataOf, pageOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { useUndo } from '../saved/use-undo';
import type { Saved } from '../saved/saved';
import { usePlace, useWorkspace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { againTexts } from './again-texts';
import { at, type Listed, type NewRole } from './list/listed';
import { useSendAgain } from './use-send-again';
import { activeQuery, pendingQuery, type Source, useMemberList } from './list/use-member-list';

type Member = Schemas['MemberIdentity'];
export type PendingMember = Schemas['PendingIdentity'];

const PATH = '/api/v1/workspaces/current/members';
const membersKey = (workspaceId: string) => ['workspace-members', workspaceId];

export function useWorkspaceLists() {
  const { api, workspaceId } = usePlace();
  const active: Source<Member> = {
    key: [...membersKey(workspaceId), 'active'],
    read: (view, part) => pageOf(api.GET(`${PATH}/active`, { params: { query: activeQuery(view, part) } })),
  };
  const pending: Source<PendingMember> = {
    key: [...membersKey(workspaceId), 'pending'],
    read: (view, part) => pageOf(api.GET(`${PATH}/pending`, { params: { query: pendingQuery(view, part) } })),
  };
  return { active, pending };
}

export const useActiveMembers = () => useMemberList(useWorkspaceLists().active);
export const usePendingMembers = () => useMemberList(useWorkspaceLists().pending);

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
