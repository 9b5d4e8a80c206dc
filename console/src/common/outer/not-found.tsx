import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../../texts/texts';
import { OuterPage } from './outer-page';

export function NotFound() {
  const { common } = useTexts();
  return (
    <OuterPage title={common.notFound}>
      <Button component={Link} to="/">
        {common.toStart}
      </Button>
    </OuterPage>
  );
}
