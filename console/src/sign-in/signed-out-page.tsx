import { Button, Text } from '@mantine/core';
import { Link } from 'react-router';
import { OuterPage } from '../common/outer/outer-page';
import { useTexts } from '../texts/texts';

export function SignedOutPage() {
  const { session } = useTexts();
  return (
    <OuterPage title={session.signedOut}>
      <Text size="sm">{session.signedOutText}</Text>
      <Button component={Link} to="/sign-in">
        {session.signInAgain}
      </Button>
    </OuterPage>
  );
}
