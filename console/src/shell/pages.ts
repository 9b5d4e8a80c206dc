import { hasApplications, signInMethod } from '../page/page-settings';
import { endingCredentials, useOverview } from '../overview/use-overview';
import { useIsOrganizationAdmin, useMay, useOrganization } from '../session/use-organization';
import { usePlace, useWorkspacesWith } from '../session/use-workspaces';
import type { Texts } from '../texts/en';
import { usePageTexts, useTexts } from '../texts/texts';
import { frameTexts } from './texts';
import type { IconName } from './icon';

type Waiting = { readonly count: number; readonly text: string };

/** A page of the menu. */
export type MenuPage = {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** What waits there: how many, and the same in words. */
  readonly waiting?: Waiting | undefined;
  /** Where another part of the page is. */
  readonly alsoAt?: string | undefined;
  /** Whether pages below it belong to it. */
  readonly hasParts?: boolean;
};

export type MenuGroup = { readonly title: string; readonly pages: readonly MenuPage[] };

/** A page below the settings, shown unless `isShown` is false. */
type Entry = MenuPage & { readonly isShown?: boolean };
type Entries = { readonly title: string; readonly pages: readonly Entry[] };

/** The pages of the organization and of the account that the signed-in user may open. */
export function useMenu(): readonly MenuGroup[] {
  const { shell } = useTexts();
  const { orgId } = usePlace();
  const mayRead = useMay('organization:read');
  const rights = {
    mayManage: useMay('organization:manage'),
    mayGiveAccess: useMayGiveAccess(),
    hasGroups: useOrganization().data?.config.can_use_teams ?? false,
  };
  const isAdmin = useIsOrganizationAdmin();
  const waiting = useWaiting();
  const groups = [
    ...(mayRead ? organizationGroups(shell, rights, waiting) : []),
    accountGroup(shell, isAdmin),
  ];
  const pathOf = (page: string) => `/organizations/${orgId}/settings/${page}`;
  return groups.map(({ title, pages }) => ({
    title,
    pages: pages
      .filter(({ isShown = true }) => isShown)
      .map(({ to, alsoAt, ...page }) => ({
        ...page,
        to: pathOf(to),
        alsoAt: alsoAt && pathOf(alsoAt),
      })),
  }));
}

function useWaiting() {
  const counts = usePageTexts(frameTexts);
  const { data: overview } = useOverview();
  const some = (count: number | null | undefined, inWords: (count: number) => string) =>
    count ? { count, text: inWords(count) } : undefined;
  return {
    people: some(overview?.people.waiting_for_link, counts.waiting),
    requests: some(overview?.access_requests, counts.requests),
    keys: some(overview && endingCredentials(overview), counts.ending),
  };
}

type ShellTexts = Texts['shell'];
type Rights = { readonly mayManage: boolean; readonly mayGiveAccess: boolean; readonly hasGroups: boolean };

const organizationGroups = (
  shell: ShellTexts,
  { mayManage, mayGiveAccess, hasGroups }: Rights,
  { people, requests, keys }: ReturnType<typeof useWaiting>,
): Entries[] => [
  {
    title: shell.organization,
    pages: [
      { to: 'overview', label: shell.overview, icon: 'overview', isShown: mayManage },
      { to: 'organization', label: shell.organizationSettings, icon: 'settings' },
      { to: 'workspaces', label: shell.workspaces, icon: 'workspaces' },
      { to: 'audit-log', label: shell.auditLog, icon: 'auditLog', isShown: mayManage },
    ],
  },
  {
    title: shell.groups.people,
    pages: [
      { to: 'members', label: shell.organizationMembers, icon: 'members', waiting: people, hasParts: true },
      { to: 'user-groups', label: shell.userGroups, icon: 'groups', hasParts: true, isShown: hasGroups },
      {
        to: 'access-requests',
        label: shell.accessRequests,
        icon: 'requests',
        waiting: requests,
        isShown: mayGiveAccess,
      },
      { to: 'roles', label: shell.roles, icon: 'roles', hasParts: true },
    ],
  },
  {
    title: shell.groups.access,
    pages: [
      { to: 'single-sign-on', label: shell.singleSignOn, icon: 'signIn' },
      { to: 'provisioning', label: shell.provisioning, icon: 'provisioning' },
    ],
  },
  programGroup(shell, mayManage, keys),
];

const programGroup = (shell: ShellTexts, mayManage: boolean, keys: Waiting | undefined): Entries => ({
  title: shell.groups.programs,
  pages: [
    { to: 'service-keys', label: shell.keys, icon: 'keys', waiting: keys, alsoAt: 'credentials' },
    {
      to: 'applications',
      label: shell.applications,
      icon: 'applications',
      isShown: mayManage && hasApplications,
    },
    {
      to: 'webhooks',
      label: shell.webhooks,
      icon: 'webhooks',
      hasParts: true,
      alsoAt: 'events',
      isShown: mayManage,
    },
    { to: 'log-streams', label: shell.logStreams, icon: 'logStreams', isShown: mayManage },
  ],
});

const accountGroup = (shell: ShellTexts, isAdmin: boolean): Entries => ({
  title: shell.account,
  pages: [
    { to: 'access', label: shell.ownAccess, icon: 'access' },
    { to: 'ask-for-access', label: shell.askForAccess, icon: 'ask', isShown: !isAdmin },
    { to: 'profile', label: shell.ownProfile, icon: 'profile', isShown: signInMethod === 'password' },
    { to: 'tokens', label: shell.ownTokens, icon: 'keys' },
    { to: 'own-applications', label: shell.ownApplications, icon: 'applications', isShown: hasApplications },
    { to: 'sessions', label: shell.ownSessions, icon: 'sessions' },
  ],
});

/** To members of a workspace or of user groups. */
function useMayGiveAccess(): boolean {
  const isKnown = useOrganization().isSuccess;
  const isAdmin = useIsOrganizationAdmin();
  const managesGroups = useMay('organization:user-groups:manage-members');
  const { data: workspaces = [] } = useWorkspacesWith('workspaces:manage-members', isKnown && !isAdmin);
  return isAdmin || managesGroups || workspaces.length > 0;
}
