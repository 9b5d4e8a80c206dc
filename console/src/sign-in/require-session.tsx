import { Container } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { Problem } from '../common/problem';
import { Waiting } from '../common/loaded';
import { signInPath } from '../session/leave-page';
import { useSession } from '../session/use-session';

/** Loads the code of the page at a path of the server. */
export type Preload = (path: string) => Promise<void>;

/** Sends readers without a session to the sign-in page, and back afterwards. The others wait for the code of their page. */
export function RequireSession({ preload }: { preload: Preload }) {
  const { data, error, refetch } = useSession();
  const { pathname, search } = useLocation();
  const [hasCode, setHasCode] = useState(false);
  const isSignedIn = Boolean(data);
  useEffect(() => {
    if (isSignedIn) void preload(location.pathname).then(() => setHasCode(true));
  }, [isSignedIn, preload]);
  if (data) return hasCode ? <Outlet /> : <Waiting isPage />;
  if (error)
    return (
      <Container size="xs" py="xl">
        <Problem error={error} onRetry={refetch} />
      </Container>
    );
  if (data === null) return <Navigate to={signInPath(pathname + search)} replace />;
  return <Waiting isPage />;
}
