import { Text } from '@mantine/core';
import { OuterPage } from '../common/outer-page';
import { useTexts } from '../texts/texts';
import { SignOutButton } from './user-menu';

export function NoOrganization() {
  const { session } = useTexts();
  return (
    <OuterPage title={session.noOrganization}>
      <Text size="sm">{session.noOrganizationText}</Text>
      <SignOutButton />
    </OuterPage>
  );
}
