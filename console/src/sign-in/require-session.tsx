import { Container } from '@mantine/core';
import { Navigate, Outlet, useLocation } from 'react-router';
import { Problem } from '../common/problem';
import { Waiting } from '../common/loaded';
import { signInPath } from '../session/leave-page';
import { useSession } from '../session/use-session';

/** Sends readers without a session to the sign-in page, and back afterwards. */
export function RequireSession() {
  const { data, error, refetch } = useSession();
  const { pathname, search } = useLocation();
  if (data) return <Outlet />;
  if (error)
    return (
      <Container size="xs" py="xl">
        <Problem error={error} onRetry={refetch} />
      </Container>
    );
  if (data === null) return <Navigate to={signInPath(pathname + search)} replace />;
  return <Waiting isPage />;
}
