import { type ComponentType, isValidElement, lazy, Suspense, useState } from 'react';
import { createRoutesFromElements, matchRoutes, Navigate, Route, useRoutes } from 'react-router';
import { consolePath, consoleUrl, hasApplications } from './page/page-settings';
import { NotFound } from './common/outer/not-found';
import { RequireSession } from './sign-in/require-session';
import { SignInPage } from './sign-in/sign-in-page';
import { SignedInPage } from './sign-in/signed-in-page';
import { SignedOutPage } from './sign-in/signed-out-page';
import { Waiting } from './common/loaded';

/** What loads the code of a page, by its component. */
const loads = new Map<unknown, () => Promise<unknown>>();
const load = async (page: unknown) => loads.get(page)?.();

/** A page whose code is loaded when it is shown. If that was done before, it is shown without a skeleton. */
function lazyPage<Props extends object>(read: () => Promise<ComponentType<Props>>) {
  let code: ComponentType<Props> | undefined;
  const readOnce = async () => (code ??= await read());
  const Later = lazy(async () => ({ default: await readOnce() }));
  const Page = (props: Props) => {
    const [Shown] = useState<ComponentType<Props>>(() => code ?? Later);
    return <Shown {...props} />;
  };
  loads.set(Page, readOnce);
  return Page;
}

const InvitationsPage = lazyPage(async () => (await import('./sign-in/invitations-page')).InvitationsPage);
const ConsentWithSession = lazyPage(async () => (await import('./approval/consent-page')).ConsentWithSession);
const ConsentPage = lazyPage(async () => (await import('./approval/consent-page')).ConsentPage);
const ActivatePage = lazyPage(async () => (await import('./approval/activate-page')).ActivatePage);
const OrganizationPages = lazyPage(
  async () => (await import('./shell/organization-pages')).OrganizationPages,
);
const KeyPages = lazyPage(async () => (await import('./shell/tabbed-pages')).KeyPages);
const WebhookPages = lazyPage(async () => (await import('./shell/tabbed-pages')).WebhookPages);
const OverviewPage = lazyPage(async () => (await import('./overview/overview-page')).OverviewPage);
/** With the pages that it leads admins to. */
const StartPage = lazyPage(async () => {
  await Promise.all([OrganizationPages, OverviewPage].map(load));
  return (await import('./shell/organization-pages')).StartPage;
});
const AuditLogPage = lazyPage(async () => (await import('./audit-log/audit-log-page')).AuditLogPage);
const EventsPage = lazyPage(async () => (await import('./events/events-page')).EventsPage);
const WebhooksPage = lazyPage(async () => (await import('./webhooks/webhooks-page')).WebhooksPage);
const WebhookPage = lazyPage(async () => (await import('./webhooks/webhook-page')).WebhookPage);
const LogStreamsPage = lazyPage(async () => (await import('./log-streams/log-streams-page')).LogStreamsPage);
const OwnTokensPage = lazyPage(async () => (await import('./own-tokens/own-tokens-page')).OwnTokensPage);
const OrganizationPage = lazyPage(
  async () => (await import('./organization/organization-page')).OrganizationPage,
);
const OrganizationMembersPage = lazyPage(
  async () => (await import('./organization-members/organization-members-page')).OrganizationMembersPage,
);
const PersonPage = lazyPage(async () => (await import('./person/person-page')).PersonPage);
const ForgotPasswordPage = lazyPage(
  async () => (await import('./passwords/forgot-password-page')).ForgotPasswordPage,
);
const SetPasswordPage = lazyPage(async () => (await import('./passwords/set-password-page')).SetPasswordPage);
const ConfirmEmailPage = lazyPage(
  async () => (await import('./email-confirmation/confirm-email-page')).ConfirmEmailPage,
);
const OwnSessionsPage = lazyPage(
  async () => (await import('./own-sessions/own-sessions-page')).OwnSessionsPage,
);
const OwnApplicationsPage = lazyPage(
  async () => (await import('./own-applications/own-applications-page')).OwnApplicationsPage,
);
const ServiceKeysPage = lazyPage(
  async () => (await import('./service-keys/service-keys-page')).ServiceKeysPage,
);
const CredentialsPage = lazyPage(
  async () => (await import('./credentials/credentials-page')).CredentialsPage,
);
const ApplicationsPage = lazyPage(
  async () => (await import('./organization-applications/applications-page')).ApplicationsPage,
);
const ProvisioningPage = lazyPage(
  async () => (await import('./provisioning/provisioning-page')).ProvisioningPage,
);
const RolesPage = lazyPage(async () => (await import('./roles/roles-page')).RolesPage);
const RolePage = lazyPage(async () => (await import('./roles/role-page')).RolePage);
const AccessRequestsPage = lazyPage(
  async () => (await import('./access-requests/access-requests-page')).AccessRequestsPage,
);
const AskForAccessPage = lazyPage(
  async () => (await import('./access-requests/ask-for-access-page')).AskForAccessPage,
);
const OwnAccessPage = lazyPage(async () => (await import('./own-access/own-access-page')).OwnAccessPage);
const UserGroupsPage = lazyPage(async () => (await import('./user-groups/user-groups-page')).UserGroupsPage);
const UserGroupPage = lazyPage(async () => (await import('./user-groups/user-group-page')).UserGroupPage);
const OwnProfilePage = lazyPage(async () => (await import('./own-profile/own-profile-page')).OwnProfilePage);
const SingleSignOnPage = lazyPage(
  async () => (await import('./settings/single-sign-on-page')).SingleSignOnPage,
);
const WorkspacesPage = lazyPage(async () => (await import('./workspaces/workspaces-page')).WorkspacesPage);
const WorkspaceMembersPage = lazyPage(
  async () => (await import('./members/workspace-members-page')).WorkspaceMembersPage,
);

const HelpPages = lazyPage(async () => (await import('./help/help-pages')).HelpPages);

const routes = createRoutesFromElements(
  <>
    <Route path="sign-in" element={<SignInPage preload={preload} />} />
    <Route path="signed-out" element={<SignedOutPage />} />
    <Route path="forgot-password" element={<ForgotPasswordPage />} />
    <Route path="set-password" element={<SetPasswordPage />} />
    <Route path="confirm-email" element={<ConfirmEmailPage />} />
    <Route path="help/*" element={<HelpPages />} />
    {hasApplications && (
      <Route element={<ConsentWithSession preload={preload} />}>
        <Route path="consent" element={<ConsentPage />} />
      </Route>
    )}
    <Route element={<RequireSession preload={preload} />}>
      {hasApplications && <Route path="activate" element={<ActivatePage />} />}
      <Route index element={<StartPage />} />
      <Route path="access" element={<StartPage page="settings/access" />} />
      <Route path="invitations" element={<InvitationsPage />} />
      <Route path="signed-in" element={<SignedInPage />} />
      <Route path="organizations/:orgId" element={<OrganizationPages />}>
        <Route path="workspaces/:workspaceId">
          <Route index element={<Navigate to="members" replace />} />
          <Route path="members" element={<WorkspaceMembersPage />} />
        </Route>
        <Route path="settings/overview" element={<OverviewPage />} />
        <Route path="settings/organization" element={<OrganizationPage />} />
        <Route path="settings/workspaces" element={<WorkspacesPage />} />
        <Route path="settings/audit-log" element={<AuditLogPage />} />
        <Route element={<WebhookPages />}>
          <Route path="settings/webhooks" element={<WebhooksPage />} />
          <Route path="settings/events" element={<EventsPage />} />
        </Route>
        <Route path="settings/webhooks/:webhookId" element={<WebhookPage />} />
        <Route path="settings/log-streams" element={<LogStreamsPage />} />
        <Route element={<KeyPages />}>
          <Route path="settings/service-keys" element={<ServiceKeysPage />} />
          <Route path="settings/credentials" element={<CredentialsPage />} />
        </Route>
        {hasApplications && <Route path="settings/applications" element={<ApplicationsPage />} />}
        <Route path="settings/provisioning" element={<ProvisioningPage />} />
        <Route path="settings/roles" element={<RolesPage />} />
        <Route path="settings/roles/new" element={<RolePage />} />
        <Route path="settings/roles/:roleId" element={<RolePage />} />
        <Route path="settings/access-requests" element={<AccessRequestsPage />} />
        <Route path="settings/ask-for-access" element={<AskForAccessPage />} />
        <Route path="settings/access" element={<OwnAccessPage />} />
        <Route path="settings/user-groups" element={<UserGroupsPage />} />
        <Route path="settings/user-groups/:groupId" element={<UserGroupPage />} />
        <Route path="settings/profile" element={<OwnProfilePage />} />
        <Route path="settings/members" element={<OrganizationMembersPage />} />
        <Route path="settings/members/:identityId" element={<PersonPage />} />
        <Route path="settings/sessions" element={<OwnSessionsPage />} />
        {hasApplications && <Route path="settings/own-applications" element={<OwnApplicationsPage />} />}
        <Route path="settings/tokens" element={<OwnTokensPage />} />
        <Route path="settings/single-sign-on" element={<SingleSignOnPage />} />
      </Route>
    </Route>
    <Route path="*" element={<NotFound />} />
  </>,
);

export const App = () => <Suspense fallback={<Waiting isPage />}>{useRoutes(routes)}</Suspense>;

/** Loads the code of the page at that path of the server. Without it, the page says so when it is opened. */
async function preload(path: string): Promise<void> {
  const elements = matchRoutes(routes, path, consolePath || '/')?.map(({ route }) => route.element) ?? [];
  await Promise.allSettled(elements.map((one) => load(isValidElement(one) && one.type)));
}

/** Before a link is followed, its page is loaded. */
export function preloadLinks(): void {
  for (const type of ['pointerover', 'focusin'])
    addEventListener(type, ({ target }) => {
      const link = target instanceof Element ? target.closest('a') : null;
      if (link?.href.startsWith(consoleUrl.href)) void preload(link.pathname);
    });
}
