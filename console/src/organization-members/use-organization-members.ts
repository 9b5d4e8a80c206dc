import { useInfiniteQuery } from '@tanstack/react-query';
import { type RoleUntil, temporaryRole } from '../access-ends/role-until';
import { dataOf, pageOf, type Schemas } from '../api/client';
import { useEndedKeys } from '../keys/use-ended-keys';
import type { Saved } from '../saved/saved';
import { useChange } from '../api/use-change';
import { useUndo } from '../saved/use-undo';
import type { ListView } from '../members/list/use-list-view';
import { activeQuery, pendingQuery, type Source, useMemberList } from '../members/list/use-member-list';
import { at, type Listed, type NewRole } from '../members/list/listed';
import { againTexts } from '../members/again-texts';
import { useSendAgain } from '../members/use-send-again';
import { useOrganization } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';

export type OrganizationInvitation = Schemas['OrgPendingIdentity'];
export type OrganizationMember = Schemas['OrgMemberIdentity'];
export type MemberAccess = Schemas['MemberAccess'];
type WorkspaceAccess = Schemas['WorkspaceAccess'];

const PATH = '/api/v1/orgs/current/members';
export const membersKey = (orgId: string) => ['organization-members', orgId];

/** The state of people who can get a password link and have none. */
export const WAITING = 'waiting';
export const isWaiting = ({ filters }: ListView): boolean => filters.state === WAITING;
/** The state of people whose mail the mail server refused. */
export const REFUSED = 'refused';

export function useOrganizationLists() {
  const { api, orgId } = usePlace();
  const active: Source<OrganizationMember> = {
    key: [...membersKey(orgId), 'active'],
    read: (view, part) => pageOf(api.GET(`${PATH}/active`, { params: { query: activeQuery(view, part) } })),
  };
  const pending: Source<OrganizationInvitation> = {
    key: [...membersKey(orgId), 'pending'],
    read: (view, part) =>
      pageOf(
        api.GET(`${PATH}/pending`, {
          params: {
            query: {
              ...pendingQuery(view, part),
              ...(isWaiting(view) ? { waiting_for_link: true } : {}),
              ...(view.filters.state === REFUSED ? { mail_refused: true } : {}),
            },
          },
        }),
      ),
  };
  return { active, pending };
}

export const useOrganizationMembers = () => useMemberList(useOrganizationLists().active);
export const useOrganizationInvitations = () => useMemberList(useOrganizationLists().pending);

/** Workspaces of a member that are read at once. */
const ACCESS_SIZE = 20;

/** What a member may do, and what granted it, some workspaces at a time: first those where something ends. */
export function useMemberAccess(identityId: string) {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: [...membersKey(orgId), 'access', identityId],
    queryFn: ({ pageParam: offset }) => {
      const params = { path: { identity_id: identityId }, query: { limit: ACCESS_SIZE, offset } };
      return dataOf(api.GET(`${PATH}/{identity_id}/access`, { params }));
    },
    initialPageParam: 0,
    getNextPageParam: ({ workspaces, workspace_count: count }, _pages, offset) => {
      const next = offset + ACCESS_SIZE;
      const last = workspaces.at(-1);
      return last && next < count && isExplained(last) ? next : null;
    },
    select: ({ pages }) => {
      const [first] = pages;
      return first && { ...first, workspaces: pages.flatMap(({ workspaces }) => workspaces) };
    },
  });
}

/** An organization admin is Admin in every workspace, whatever their membership and their groups there say. */
export const isByRank = ({ reason }: WorkspaceAccess) => reason === 'organization_admin';

/** Whether there is more to say of it than that. */
export const isExplained = (workspace: WorkspaceAccess) =>
  !isByRank(workspace) || workspace.access_policies.length > 0;

/** Whether the keys and tokens that the member created end, too. */
type Ending = { readonly revokeCreated?: boolean };

const ending = (id: string, revokeCreated: boolean) => ({
  params: { path: { identity_id: id }, query: { revoke_created: revokeCreated } },
});

/** The requests about members of the organization; `key` is that of what they change. */
export function useOrganizationMemberRequests() {
  const { api, orgId } = usePlace();
  return {
    key: membersKey(orgId),
    changeRole: ({ id, roleId, until, revokeCreated = false }: NewRole & Ending) =>
      dataOf(
        api.PATCH(`${PATH}/{identity_id}`, {
          ...ending(id, revokeCreated),
          body: { role_id: roleId, ...until },
        }),
      ),
    changeEnd: ({ id, ...body }: RoleUntil) =>
      dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...at({ id }), body })),
    readRole: async ({ user_id: userId }: OrganizationMember) => {
      const query = { user_ids: [userId], limit: 1 };
      const [member] = await dataOf(api.GET(`${PATH}/active`, { params: { query } }));
      return member?.role_id ?? undefined;
    },
    remove: ({ id, revokeCreated = false }: Listed & Ending) =>
      dataOf(api.DELETE(`${PATH}/{identity_id}`, ending(id, revokeCreated))),
  };
}

export function useOrganizationMemberActions() {
  const { key, changeRole, changeEnd, readRole, remove } = useOrganizationMemberRequests();
  const ended = useEndedKeys();
  const undo = useUndo(key);
  return {
    changeRole: useChange(changeRole, key, ...ended),
    ends: { changeEnd, keys: [key, ...ended] },
    undoRole: (member: OrganizationMember, after: string, doneText: string) =>
      undo({
        before: member.role_id ?? '',
        after,
        read: () => readRole(member),
        write: (roleId) => changeRole({ id: member.id, roleId, until: temporaryRole(member) }),
        doneText,
      }),
    remove: useChange(remove, key, ...ended),
  };
}

/** The requests about invitations to the organization. */
export function useOrganizationInvitationRequests() {
  const { api, orgId } = usePlace();
  return {
    key: membersKey(orgId),
    changeRole: ({ id, roleId }: NewRole) =>
      dataOf(api.PATCH(`${PATH}/{identity_id}/pending`, { ...at({ id }), body: { role_id: roleId } })),
    changeEnd: ({ id, role_id, access_expires_at }: RoleUntil) =>
      dataOf(
        api.PATCH(`${PATH}/{identity_id}/pending`, { ...at({ id }), body: { role_id, access_expires_at } }),
      ),
    readRole: async ({ email }: OrganizationInvitation) => {
      const query = { emails: [email], limit: 1 };
      const [person] = await dataOf(api.GET(`${PATH}/pending`, { params: { query } }));
      return person?.role_id ?? undefined;
    },
    resend: (person: Listed) => dataOf(api.POST(`${PATH}/{identity_id}/pending/resend`, at(person))),
    revoke: (person: Listed) => dataOf(api.DELETE(`${PATH}/{identity_id}/pending`, at(person))),
  };
}

export function useOrganizationInvitationActions() {
  const { key, resend, revoke } = useOrganizationInvitationRequests();
  return { resend: useChange(resend, key), revoke: useChange(revoke, key) };
}

/** Sends invitations again that were revoked, or ones without workspaces to people who were removed. */
export function useInviteAgain() {
  const texts = usePageTexts(againTexts);
  const sendAgain = useSendAgain();
  const { api, orgId } = usePlace();
  const mayInvite = useOrganization().data?.invite_access?.organization.may_invite_new_people ?? false;
  return (invitations: readonly Schemas['PendingIdentityCreate'][], isMember: boolean): Saved['next'] =>
    mayInvite
      ? sendAgain({
          rows: invitations,
          send: (body) => dataOf(api.POST(`${PATH}/batch`, { body })),
          key: membersKey(orgId),
          label: texts.inviteAgain,
          doneText: isMember ? texts.invitedWithoutWorkspaces : texts.invited,
        })
      : undefined;
}
