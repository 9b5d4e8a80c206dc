import { AppShell, Burger, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type MouseEvent, Suspense, useEffect } from 'react';
import { Navigate, Outlet, useBlocker, useLocation, useMatch, useParams } from 'react-router';
import { DiscardDialog } from '../common/dialog';
import { ErrorBoundary } from '../common/outer/error-boundary';
import { Logo } from '../common/outer/logo';
import { Waiting } from '../common/loaded';
import { SavedArea, SavedProvider } from '../saved/saved';
import { PageHead } from '../common/page-head';
import { hasUnsaved } from '../page/unsaved';
import { Problem } from '../common/problem';
import { needsOtherSignIn } from '../session/leave-page';
import { useOwnInvitations } from '../sign-in/invitations-page';
import { SessionEndedDialog } from '../sign-in/session-ended-dialog';
import { useSession } from '../session/use-session';
import { useTexts } from '../texts/texts';
import { Navigation } from './navigation';
import { NoOrganization } from './no-organization';
import { NoWorkspace } from './no-workspace';
import { OrganizationSelect } from './organization-select';
import { SearchButton } from './search-button';
import { UserMenu } from './user-menu';
import { useMay, useOrganization } from '../session/use-organization';
import { useWorkspaces } from '../session/use-workspaces';

/** Leads to the first organization, there to `page` if one is given, or to the invitations of people who have none. */
export function StartPage({ page = '' }: { page?: string }) {
  const { data: session } = useSession();
  const first = session?.organizations[0];
  const { data: invitations, isPending } = useOwnInvitations(!first);
  if (first) return <Navigate to={`/organizations/${first.id}/${page}`} replace />;
  if (isPending) return <Waiting isPage />;
  return invitations?.length ? <Navigate to="/invitations" replace /> : <NoOrganization />;
}

/** The frame of all pages of an organization. */
export function OrganizationPages() {
  const { common } = useTexts();
  const { orgId } = useParams();
  const { data: session } = useSession();
  const [isOpen, menu] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(menu.close, [pathname]); // on a phone, after a choice
  if (!session?.organizations.some(({ id }) => id === orgId)) return <Navigate to="/" replace />;
  return (
    <SavedProvider>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 260, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <SkipLink />
        <AppShell.Header px="md">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={menu.toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={common.menu}
                aria-expanded={isOpen}
              />
              <Logo />
            </Group>
            <Group gap="sm" wrap="nowrap">
              <SearchButton />
              <UserMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="md" withBorder={false} style={{ overflowY: 'auto' }}>
          <Stack gap="md">
            <OrganizationSelect />
            <Navigation />
          </Stack>
        </AppShell.Navbar>
        <AppShell.Main id="content" className="beside-navigation" tabIndex={-1}>
          <SavedArea />
          <ErrorBoundary isPart>
            <Content />
          </ErrorBoundary>
        </AppShell.Main>
      </AppShell>
      <LeaveQuestion />
      <SessionEndedDialog />
    </SavedProvider>
  );
}

/** Focuses the content itself: relative to the base element, a link to a fragment would lead to the start page. */
function SkipLink() {
  const { common } = useTexts();
  const focus = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById('content')?.focus();
  };
  return (
    <a className="skip-link" href="#content" onClick={focus}>
      {common.skipToContent}
    </a>
  );
}

/** Asks before another page of the console takes the place of changed input. */
function LeaveQuestion() {
  const { state, proceed, reset } = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && hasUnsaved(),
  );
  return state === 'blocked' ? <DiscardDialog onDiscard={proceed} onKeep={reset} /> : null;
}

/** Without a page in the path, the overview for those who manage the organization, else the members of the first workspace. */
function Content() {
  const { orgId = '', workspaceId } = useParams();
  const { data, error, refetch } = useWorkspaces(orgId);
  const { session } = useTexts();
  const name = useSession().data?.organizations.find(({ id }) => id === orgId)?.display_name ?? '';
  const organization = useOrganization();
  const first = data?.[0];
  const mayManage = useMay('organization:manage');
  const isChosen = useMatch('/organizations/:orgId') === null;
  if (error && needsOtherSignIn(error))
    return (
      <Stack gap="lg" maw={760}>
        <PageHead title={session.signInAgain} text={name} />
        <Problem error={error} />
      </Stack>
    );
  if (isChosen)
    return (
      <Suspense fallback={<Waiting isPage />}>
        <Outlet key={workspaceId ?? orgId} /> {/* what was typed stays in its place */}
      </Suspense>
    );
  if (error && !data) return <Problem error={error} onRetry={refetch} />;
  if (!data || organization.isPending) return <Waiting isPage />;
  if (mayManage) return <Navigate to={`/organizations/${orgId}/settings/overview`} replace />;
  return first ? (
    <Navigate to={`/organizations/${orgId}/workspaces/${first.id}/members`} replace />
  ) : (
    <NoWorkspace />
  );
}
