import { Anchor, Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { discardUnsaved } from '../page/unsaved';
import { useMay } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { GrantsCard } from './grants-card';
import { GroupMembersCard } from './group-members-card';
import { useGroupName } from './names';
import { PoliciesCard } from './policies-card';
import { PropertiesCard } from './properties-card';
import { userGroupTexts } from './texts';
import { type UserGroup, useDeleteGroup, useUserGroup } from './use-user-groups';

/** One group: its properties, roles, members and policies. */
export function UserGroupPage() {
  const texts = usePageTexts(userGroupTexts);
  const { groupId = '' } = useParams();
  return (
    <Stack gap="lg" maw={860}>
      <Anchor component={Link} to=".." relative="path" size="sm">
        {texts.back}
      </Anchor>
      <Loaded query={useUserGroup(groupId)} title={texts.title}>
        {(group) => <GroupCards key={group.id} group={group} />}
      </Loaded>
    </Stack>
  );
}

/** A group in one workspace exists by the grant of its parent, so it has members and policies of its own, nothing else. */
function GroupCards({ group }: { group: UserGroup }) {
  const nameOf = useGroupName();
  const isWide = !group.workspace_id;
  const mayManage = useMay('organization:user-groups:manage') && isWide;
  return (
    <>
      <PageHead
        title={nameOf(group)}
        text={group.description}
        action={mayManage && <RemoveButton group={group} />}
      />
      {isWide && <PropertiesCard group={group} mayManage={mayManage} />}
      {isWide && <GrantsCard group={group} />}
      <GroupMembersCard group={group} />
      <PoliciesCard group={group} />
    </>
  );
}

function RemoveButton({ group }: { group: UserGroup }) {
  const texts = usePageTexts(userGroupTexts);
  const navigate = useNavigate();
  const remove = useDeleteGroup();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setIsAsking(true)}>
        {texts.remove}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={texts.removeTitle(group.name)}
          text={texts.removeText}
          action={texts.remove}
          change={remove}
          input={group}
          onDone={() => {
            discardUnsaved();
            void navigate('..', { relative: 'path' });
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  );
}
