import { Text } from '@mantine/core';
import { useState } from 'react';
import { EndNote } from '../access-ends/end-note';
import { namedEnd } from '../access-ends/role-until';
import { useInvitationActions } from '../members/invitation-actions';
import { RoleDialog } from '../members/bulk/role-dialog';
import type { BulkAction } from '../members/bulk/selection-bar';
import { bulkTexts } from '../members/bulk/texts';
import { InvitationList, nameOfInvited } from '../members/invitation-list';
import type { Column } from '../members/table/table-head';
import { useOrganizationRoles } from '../roles/role-list';
import { hasMailServer, passwordLinks } from '../page/page-settings';
import { PasswordLinkDialog } from '../passwords/password-link-dialog';
import { passwordTexts } from '../passwords/texts';
import { useIsOrganizationAdmin, useMay, useOrganization } from '../session/use-organization';
import { useDates, useMinutes, usePageTexts, useTexts } from '../texts/texts';
import { PasswordLinksDialog } from '../members/without-mail/password-links-dialog';
import { withoutMailTexts } from '../members/without-mail/texts';
import { invitationTexts } from './texts';
import {
  isWaiting,
  type OrganizationInvitation,
  useInviteAgain,
  useOrganizationInvitationActions,
  useOrganizationInvitationRequests,
  useOrganizationInvitations,
  REFUSED,
  WAITING,
} from './use-organization-members';

export function InvitationTable() {
  const { organizationMembers } = useTexts();
  const shown = useOrganizationInvitations();
  const { resend, revoke } = useOrganizationInvitationActions();
  const inviteAgain = useInviteAgain();
  const requests = useOrganizationInvitationRequests();
  const place = useOrganization().data?.display_name ?? '';
  const { data: roles = [] } = useOrganizationRoles();
  const again = (people: readonly OrganizationInvitation[]) => inviteAgain(people.map(invitationOf), false);
  const bulk = useInvitationActions({ place, requests, again });
  const texts = usePageTexts(bulkTexts);
  const [linked, setLinked] = useState<OrganizationInvitation | null>(null);
  const { create } = usePageTexts(passwordTexts);
  const handsOver = passwordLinks === 'handed-over' && useIsOrganizationAdmin();
  const linkTexts = usePageTexts(withoutMailTexts);
  const createLinks: BulkAction<OrganizationInvitation> = {
    label: linkTexts.createLinks,
    dialog: (props) => <PasswordLinksDialog {...props} keys={[requests.key]} />,
  };
  const linkOf = (person: OrganizationInvitation) =>
    handsOver && !person.is_expired ? [{ label: create, run: () => setLinked(person) }] : [];
  return (
    <>
      <InvitationList
        shown={shown}
        emptyText={organizationMembers.noInvitations}
        roles={roles}
        mayManage={useMay('organization:manage')}
        place={place}
        columns={useColumns()}
        resend={resend}
        revoke={revoke}
        again={(person) => again([person])}
        error={null}
        roleOf={({ role_name: role }) => role}
        roleIdOf={({ role_id: id }) => id}
        ends={{ changeEnd: requests.changeEnd, keys: [requests.key] }}
        bulk={[
          {
            label: texts.changeRole,
            dialog: (props) => (
              <RoleDialog
                {...props}
                text={texts.invitedRoleText}
                roles={roles}
                roleIdOf={({ role_id: id }) => id}
                requests={requests}
              />
            ),
          },
          ...(handsOver && isWaiting(shown.view) ? [createLinks] : []),
          ...bulk,
        ]}
        moreStates={useDeliveryStates(handsOver)}
        moreActions={linkOf}
      />
      {linked && (
        <PasswordLinkDialog
          kind="invitation"
          id={linked.id}
          who={nameOfInvited(linked)}
          onClose={() => setLinked(null)}
        />
      )}
    </>
  );
}

/** What became of the mail, or of the link; for Organization Admins. */
function useDeliveryStates(handsOver: boolean) {
  const { waiting } = usePageTexts(withoutMailTexts);
  const { mailRefused } = usePageTexts(invitationTexts);
  const isAdmin = useIsOrganizationAdmin();
  return [
    ...(handsOver ? [{ value: WAITING, label: waiting }] : []),
    ...(isAdmin && hasMailServer ? [{ value: REFUSED, label: mailRefused }] : []),
  ];
}

const invitationOf = (person: OrganizationInvitation) => ({
  email: person.email,
  full_name: person.full_name ?? null,
  role_id: person.org_role_id ?? person.role_id ?? null,
  workspace_ids: person.workspace_ids ?? null,
  workspace_role_id: person.workspace_role_id ?? null,
  ...namedEnd(person.access_expires_at),
});

function useColumns(): Column<OrganizationInvitation>[] {
  const { members, organizationMembers } = useTexts();
  const { refusedOn } = usePageTexts(invitationTexts);
  const date = useDates();
  const time = useMinutes();
  return [
    {
      label: members.role,
      field: 'role',
      width: 200,
      isBelowOnPhone: true,
      cell: ({ role_name: role, access_expires_at: end, mail_refused_at: at, mail_refusal_code: code }) => (
        <>
          <Text size="sm">{role}</Text>
          <EndNote end={end} />
          {at && (
            <Text size="xs" className="ends-soon">
              {refusedOn(code ?? '', time(at))}
            </Text>
          )}
        </>
      ),
    },
    {
      label: organizationMembers.workspaces,
      field: null,
      visibleFrom: 'md',
      width: 120,
      cell: ({ workspace_ids: ids }) => <Text size="sm">{ids?.length ?? 0}</Text>,
    },
    {
      label: members.expires,
      field: null,
      visibleFrom: 'sm',
      width: 150,
      cell: ({ expires_at: end }) => <Text size="sm">{end ? date(end) : '–'}</Text>,
    },
  ];
}
