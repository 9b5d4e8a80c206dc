import { useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf, pageOf, type Schemas } from '../api/client';
import { useEndedKeys } from '../created-credentials/use-ended-keys';
import type { Saved } from '../saved/saved';
import { useChange } from '../common/use-change';
import { useUndo } from '../saved/use-undo';
import { activeQuery, pendingQuery, useMemberList } from '../members/use-member-list';
import { at, type Listed, type NewRole } from '../members/use-members';
import { againTexts } from '../members/again-texts';
import { useOrganization } from '../shell/use-organization';
import { usePlace } from '../shell/use-workspaces';
import { usePageTexts } from '../texts/texts';

export type OrganizationInvitation = Schemas['OrgPendingIdentity'];
export type OrganizationMember = Schemas['OrgMemberIdentity'];
export type MemberAccess = Schemas['MemberAccess'];

const PATH = '/api/v1/orgs/current/members';
export const membersKey = (orgId: string) => ['organization-members', orgId];

export function useOrganizationMembers() {
  const { api, orgId } = usePlace();
  return useMemberList([...membersKey(orgId), 'active'], (view, part) =>
    pageOf(api.GET(`${PATH}/active`, { params: { query: activeQuery(view, part) } })),
  );
}

export function useOrganizationInvitations() {
  const { api, orgId } = usePlace();
  return useMemberList([...membersKey(orgId), 'pending'], (view, part) =>
    pageOf(api.GET(`${PATH}/pending`, { params: { query: pendingQuery(view, part) } })),
  );
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

/** Whether the keys and tokens that the member created end, too. */
type Ending = { readonly revokeCreated?: boolean };

const ending = (id: string, revokeCreated: boolean) => ({
  params: { path: { identity_id: id }, query: { revoke_created: revokeCreated } },
});

export function useOrganizationMemberActions() {
  const { api, orgId } = usePlace();
  const key = membersKey(orgId);
  const ended = useEndedKeys();
  const undo = useUndo(key);
  const changeRole = ({ id, roleId, revokeCreated = false }: NewRole & Ending) =>
    dataOf(api.PATCH(`${PATH}/{identity_id}`, { ...ending(id, revokeCreated), body: { role_id: roleId } }));
  return {
    changeRole: useChange(changeRole, key, ...ended),
    undoRole: (
      { id, user_id: userId, role_id: before }: OrganizationMember,
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
    remove: useChange(
      ({ id, revokeCreated = false }: Listed & Ending) =>
        dataOf(api.DELETE(`${PATH}/{identity_id}`, ending(id, revokeCreated))),
      key,
      ...ended,
    ),
  };
}

export function useOrganizationInvitationActions() {
  const { api, orgId } = usePlace();
  const key = membersKey(orgId);
  return {
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

/** Sends an invitation again that was revoked, or one without workspaces to somebody who was removed. */
export function useInviteAgain() {
  const texts = usePageTexts(againTexts);
  const queries = useQueryClient();
  const { api, orgId } = usePlace();
  const mayInvite = useOrganization().data?.invite_access?.organization.may_invite_new_people ?? false;
  return (invitation: Schemas['PendingIdentityCreate'], isMember: boolean): Saved['next'] => {
    if (!mayInvite) return undefined;
    const who = invitation.full_name || invitation.email;
    return {
      label: texts.inviteAgain,
      run: async () => {
        await dataOf(api.POST(`${PATH}/batch`, { body: [invitation] }));
        await queries.invalidateQueries({ queryKey: membersKey(orgId) });
        return { text: isMember ? texts.invitedWithoutWorkspaces(who) : texts.invited(who) };
      },
    };
  };
}
