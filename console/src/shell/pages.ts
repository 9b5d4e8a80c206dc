import { hasApplications, signInMethod } from '../page/page-settings';
import { useIsOrganizationAdmin, useMay, useOrganization } from '../session/use-organization';
import { usePlace, useWorkspacesWith } from '../session/use-workspaces';
import type { Texts } from '../texts/en';
import { useTexts } from '../texts/texts';

/** A page of the menu. */
export type MenuPage = {
  readonly to: string;
  readonly label: string;
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
  const groups = [...(mayRead ? organizationGroups(shell, rights) : []), accountGroup(shell)];
  const pathOf = (page: string) => `/organizations/${orgId}/settings/${page}`;
  return groups.map(({ title, pages }) => ({
    title,
    pages: pages
      .filter(({ isShown = true }) => isShown)
      .map(({ to, label, hasParts = false }) => ({ to: pathOf(to), label, hasParts })),
  }));
}

type ShellTexts = Texts['shell'];
type Rights = { readonly mayManage: boolean; readonly mayGiveAccess: boolean; readonly hasGroups: boolean };

const organizationGroups = (
  shell: ShellTexts,
  { mayManage, mayGiveAccess, hasGroups }: Rights,
): Entries[] => [
  {
    title: shell.groups.people,
    pages: [
      { to: 'members', label: shell.organizationMembers, hasParts: true },
      { to: 'user-groups', label: shell.userGroups, hasParts: true, isShown: hasGroups },
      { to: 'access-requests', label: shell.accessRequests, isShown: mayGiveAccess },
      { to: 'roles', label: shell.roles, hasParts: true },
    ],
  },
  {
    title: shell.groups.access,
    pages: [
      { to: 'single-sign-on', label: shell.singleSignOn },
      { to: 'provisioning', label: shell.provisioning },
    ],
  },
  {
    title: shell.groups.programs,
    pages: [
      { to: 'service-keys', label: shell.serviceKeys },
      { to: 'credentials', label: shell.credentials, isShown: mayManage },
      { to: 'applications', label: shell.applications, isShown: mayManage && hasApplications },
      { to: 'webhooks', label: shell.webhooks, hasParts: true, isShown: mayManage },
      { to: 'events', label: shell.events, isShown: mayManage },
      { to: 'log-streams', label: shell.logStreams, isShown: mayManage },
    ],
  },
  {
    title: shell.organization,
    pages: [
      { to: 'organization', label: shell.organizationSettings },
      { to: 'workspaces', label: shell.workspaces },
      { to: 'audit-log', label: shell.auditLog, isShown: mayManage },
    ],
  },
];

const accountGroup = (shell: ShellTexts): Entries => ({
  title: shell.account,
  pages: [
    { to: 'access', label: shell.ownAccess },
    { to: 'ask-for-access', label: shell.askForAccess },
    { to: 'profile', label: shell.ownProfile, isShown: signInMethod === 'password' },
    { to: 'tokens', label: shell.ownTokens },
    { to: 'own-applications', label: shell.ownApplications, isShown: hasApplications },
    { to: 'sessions', label: shell.ownSessions },
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
