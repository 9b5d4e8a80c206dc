import { Anchor, Container, Stack, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../texts/texts';

export function NotFound() {
  const { common } = useTexts();
  return (
    <Container component="main" size="xs" py={80}>
      <Stack>
        <Title order={1}>{common.notFound}</Title>
        <Anchor component={Link} to="/">
          {common.toStart}
        </Anchor>
      </Stack>
    </Container>
  );
}
