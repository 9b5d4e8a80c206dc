import { Anchor, Button, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { PageHead } from '../common/page-head';
import { useInviteObstacle } from '../members/invite-obstacle';
import { MemberTabs, useTab } from '../members/list/member-tabs';
import { useMay, useOrganization } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { InvitationTable } from './invitation-table';
import { inviteTexts } from './invite/texts';
import { MembersTable } from './members-table';
import { invitationTexts } from './texts';
import { useOrganizationLists } from './use-organization-members';

const InviteDialog = lazy(async () => {
  const { InviteDialog: dialog } = await import('./invite/invite-dialog');
  return { default: dialog };
});

/** Active and invited members of an organization. */
export function OrganizationMembersPage() {
  const { organizationMembers } = useTexts();
  const { data: organization } = useOrganization();
  const mayManage = useMay('organization:manage');
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={organizationMembers.title}
        text={organization?.display_name ?? ''}
        action={mayManage && <Invite />}
      />
      <MemberTabs
        lists={useOrganizationLists()}
        panels={{ active: <MembersTable />, pending: <Invitations /> }}
      />
    </Stack>
  );
}

function Invitations() {
  const texts = usePageTexts(invitationTexts);
  return (
    <Stack gap="lg" align="stretch">
      <InvitationTable />
      <Anchor component={Link} to="../organization" relative="path" size="sm">
        {texts.toSettings}
      </Anchor>
    </Stack>
  );
}

/** Says before anyone tries whether people may be invited, and who can change that. */
function Invite() {
  const texts = usePageTexts(inviteTexts);
  const access = useOrganization().data?.invite_access?.organization;
  const mayInvite = access?.may_invite_new_people ?? false;
  const obstacle = useInviteObstacle(access);
  const [isOpen, dialog] = useDisclosure();
  const [, show] = useTab();
  return (
    <Stack gap={4} align="flex-end" maw={420}>
      <Tooltip label={obstacle} disabled={mayInvite} multiline w={280} events={EVERY_WAY}>
        <Button onClick={dialog.open} disabled={!mayInvite}>
          {texts.button}
        </Button>
      </Tooltip>
      {obstacle && (
        <Text size="xs" c="dimmed" ta="right">
          {obstacle}
        </Text>
      )}
      {isOpen && (
        <Suspense>
          <InviteDialog onClose={dialog.close} onAdded={show} />
        </Suspense>
      )}
    </Stack>
  );
}

const EVERY_WAY = { hover: true, focus: true, touch: true };
