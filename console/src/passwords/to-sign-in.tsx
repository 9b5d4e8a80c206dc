import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { usePageTexts } from '../texts/texts';
import { passwordTexts } from './texts';

export function ToSignIn() {
  const { toSignIn } = usePageTexts(passwordTexts);
  return (
    <Anchor component={Link} to="/sign-in" size="sm" ta="center">
      {toSignIn}
    </Anchor>
  );
}
