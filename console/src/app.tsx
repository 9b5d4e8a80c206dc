import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { hasApplications } from './page/page-settings';
import { NotFound } from './common/outer/not-found';
import { RequireSession } from './sign-in/require-session';
import { SignInPage } from './sign-in/sign-in-page';
import { SignedInPage } from './sign-in/signed-in-page';
import { SignedOutPage } from './sign-in/signed-out-page';
import { Waiting } from './common/loaded';

const InvitationsPage = lazy(async () => {
  const { InvitationsPage: page } = await import('./sign-in/invitations-page');
  return { default: page };
});
const ConsentWithSession = lazy(async () => {
  const { ConsentWithSession: frame } = await import('./approval/consent-page');
  return { default: frame };
});
const ConsentPage = lazy(async () => {
  const { ConsentPage: page } = await import('./approval/consent-page');
  return { default: page };
});
const ActivatePage = lazy(async () => {
  const { ActivatePage: page } = await import('./approval/activate-page');
  return { default: page };
});
const StartPage = lazy(async () => {
  const { StartPage: page } = await import('./shell/organization-pages');
  return { default: page };
});
const OrganizationPages = lazy(async () => {
  const { OrganizationPages: pages } = await import('./shell/organization-pages');
  return { default: pages };
});
const KeyPages = lazy(async () => {
  const { KeyPages: pages } = await import('./shell/tabbed-pages');
  return { default: pages };
});
const WebhookPages = lazy(async () => {
  const { WebhookPages: pages } = await import('./shell/tabbed-pages');
  return { default: pages };
});
const OverviewPage = lazy(async () => {
  const { OverviewPage: page } = await import('./overview/overview-page');
  return { default: page };
});
const AuditLogPage = lazy(async () => {
  const { AuditLogPage: page } = await import('./audit-log/audit-log-page');
  return { default: page };
});
const EventsPage = lazy(async () => {
  const { EventsPage: page } = await import('./events/events-page');
  return { default: page };
});
const WebhooksPage = lazy(async () => {
  const { WebhooksPage: page } = await import('./webhooks/webhooks-page');
  return { default: page };
});
const WebhookPage = lazy(async () => {
  const { WebhookPage: page } = await import('./webhooks/webhook-page');
  return { default: page };
});
const LogStreamsPage = lazy(async () => {
  const { LogStreamsPage: page } = await import('./log-streams/log-streams-page');
  return { default: page };
});
const OwnTokensPage = lazy(async () => {
  const { OwnTokensPage: page } = await import('./own-tokens/own-tokens-page');
  return { default: page };
});
const OrganizationPage = lazy(async () => {
  const { OrganizationPage: page } = await import('./organization/organization-page');
  return { default: page };
});
const OrganizationMembersPage = lazy(async () => {
  const { OrganizationMembersPage: page } = await import('./organization-members/organization-members-page');
  return { default: page };
});
const PersonPage = lazy(async () => {
  const { PersonPage: page } = await import('./person/person-page');
  return { default: page };
});
const ForgotPasswordPage = lazy(async () => {
  const { ForgotPasswordPage: page } = await import('./passwords/forgot-password-page');
  return { default: page };
});
const SetPasswordPage = lazy(async () => {
  const { SetPasswordPage: page } = await import('./passwords/set-password-page');
  return { default: page };
});
const ConfirmEmailPage = lazy(async () => {
  const { ConfirmEmailPage: page } = await import('./email-confirmation/confirm-email-page');
  return { default: page };
});
const OwnSessionsPage = lazy(async () => {
  const { OwnSessionsPage: page } = await import('./own-sessions/own-sessions-page');
  return { default: page };
});
const OwnApplicationsPage = lazy(async () => {
  const { OwnApplicationsPage: page } = await import('./own-applications/own-applications-page');
  return { default: page };
});
const ServiceKeysPage = lazy(async () => {
  const { ServiceKeysPage: page } = await import('./service-keys/service-keys-page');
  return { default: page };
});
const CredentialsPage = lazy(async () => {
  const { CredentialsPage: page } = await import('./credentials/credentials-page');
  return { default: page };
});
const ApplicationsPage = lazy(async () => {
  const { ApplicationsPage: page } = await import('./organization-applications/applications-page');
  return { default: page };
});
const ProvisioningPage = lazy(async () => {
  const { ProvisioningPage: page } = await import('./provisioning/provisioning-page');
  return { default: page };
});
const RolesPage = lazy(async () => {
  const { RolesPage: page } = await import('./roles/roles-page');
  return { default: page };
});
const RolePage = lazy(async () => {
  const { RolePage: page } = await import('./roles/role-page');
  return { default: page };
});
const AccessRequestsPage = lazy(async () => {
  const { AccessRequestsPage: page } = await import('./access-requests/access-requests-page');
  return { default: page };
});
const AskForAccessPage = lazy(async () => {
  const { AskForAccessPage: page } = await import('./access-requests/ask-for-access-page');
  return { default: page };
});
const OwnAccessPage = lazy(async () => {
  const { OwnAccessPage: page } = await import('./own-access/own-access-page');
  return { default: page };
});
const UserGroupsPage = lazy(async () => {
  const { UserGroupsPage: page } = await import('./user-groups/user-groups-page');
  return { default: page };
});
const UserGroupPage = lazy(async () => {
  const { UserGroupPage: page } = await import('./user-groups/user-group-page');
  return { default: page };
});
const OwnProfilePage = lazy(async () => {
  const { OwnProfilePage: page } = await import('./own-profile/own-profile-page');
  return { default: page };
});
const SingleSignOnPage = lazy(async () => {
  const { SingleSignOnPage: page } = await import('./settings/single-sign-on-page');
  return { default: page };
});
const WorkspacesPage = lazy(async () => {
  const { WorkspacesPage: page } = await import('./workspaces/workspaces-page');
  return { default: page };
});
const WorkspaceMembersPage = lazy(async () => {
  const { WorkspaceMembersPage: page } = await import('./members/workspace-members-page');
  return { default: page };
});

const HelpPages = lazy(async () => {
  const { HelpPages: pages } = await import('./help/help-pages');
  return { default: pages };
});

export function App() {
  return (
    <Suspense fallback={<Waiting isPage />}>
      <Routes>
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="signed-out" element={<SignedOutPage />} />
        <Route path="forgot-password" element={<ForgotPasswordPage />} />
        <Route path="set-password" element={<SetPasswordPage />} />
        <Route path="confirm-email" element={<ConfirmEmailPage />} />
        <Route path="help/*" element={<HelpPages />} />
        {hasApplications && (
          <Route element={<ConsentWithSession />}>
            <Route path="consent" element={<ConsentPage />} />
          </Route>
        )}
        <Route element={<RequireSession />}>
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
      </Routes>
    </Suspense>
  );
}
