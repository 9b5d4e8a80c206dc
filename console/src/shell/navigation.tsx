import { NavLink, Select, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { NavLink as RouterLink, useMatch, useNavigate, useParams } from 'react-router';
import { apiUrl, hasApplications, signInMethod } from '../page/page-settings';
import { useTexts } from '../texts/texts';
import { useIsOrganizationAdmin, useMay, useOrganization } from '../session/use-organization';
import { useWorkspaces, useWorkspacesWith } from '../session/use-workspaces';

/** The pages of the chosen workspace, then those of the organization. */
export function Navigation() {
  const { common, shell } = useTexts();
  const { orgId = '' } = useParams();
  const settings = `/organizations/${orgId}/settings`;
  const mayReadOrganization = useMay('organization:read');
  const mayManage = useMay('organization:manage');
  const mayGiveAccess = useMayGiveAccess();
  const hasGroups = useOrganization().data?.config.can_use_teams ?? false;
  return (
    <Stack component="nav" gap="md" aria-label={common.menu}>
      <WorkspacePages />
      {mayReadOrganization && (
        <>
          <Section title={shell.groups.people}>
            <PageLink to={`${settings}/members`} label={shell.organizationMembers} hasParts />
            {hasGroups && <PageLink to={`${settings}/user-groups`} label={shell.userGroups} hasParts />}
            {mayGiveAccess && <PageLink to={`${settings}/access-requests`} label={shell.accessRequests} />}
            <PageLink to={`${settings}/roles`} label={shell.roles} hasParts />
          </Section>
          <Section title={shell.groups.access}>
            <PageLink to={`${settings}/single-sign-on`} label={shell.singleSignOn} />
            <PageLink to={`${settings}/provisioning`} label={shell.provisioning} />
          </Section>
          <Section title={shell.groups.programs}>
            <PageLink to={`${settings}/service-keys`} label={shell.serviceKeys} />
            {mayManage && <PageLink to={`${settings}/credentials`} label={shell.credentials} />}
            {mayManage && hasApplications && (
              <PageLink to={`${settings}/applications`} label={shell.applications} />
            )}
            {mayManage && <PageLink to={`${settings}/webhooks`} label={shell.webhooks} hasParts />}
            {mayManage && <PageLink to={`${settings}/events`} label={shell.events} />}
            {mayManage && <PageLink to={`${settings}/log-streams`} label={shell.logStreams} />}
          </Section>
          <Section title={shell.organization}>
            <PageLink to={`${settings}/organization`} label={shell.organizationSettings} />
            <PageLink to={`${settings}/workspaces`} label={shell.workspaces} />
            {mayManage && <PageLink to={`${settings}/audit-log`} label={shell.auditLog} />}
          </Section>
        </>
      )}
      <Section title={shell.account}>
        <PageLink to={`${settings}/access`} label={shell.ownAccess} />
        <PageLink to={`${settings}/ask-for-access`} label={shell.askForAccess} />
        {signInMethod === 'password' && <PageLink to={`${settings}/profile`} label={shell.ownProfile} />}
        <PageLink to={`${settings}/tokens`} label={shell.ownTokens} />
        {hasApplications && <PageLink to={`${settings}/own-applications`} label={shell.ownApplications} />}
        <PageLink to={`${settings}/sessions`} label={shell.ownSessions} />
        <NavLink href={`${apiUrl}/docs`} label={shell.apiReference} />
      </Section>
    </Stack>
  );
}

/** To members of a workspace or of user groups. */
function useMayGiveAccess(): boolean {
  const isKnown = useOrganization().isSuccess;
  const isAdmin = useIsOrganizationAdmin();
  const managesGroups = useMay('organization:user-groups:manage-members');
  const { data: workspaces = [] } = useWorkspacesWith('workspaces:manage-members', isKnown && !isAdmin);
  return isAdmin || managesGroups || workspaces.length > 0;
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <div>
    <Text size="xs" c="dimmed" fw={600} mb={4}>
      {title}
    </Text>
    {children}
  </div>
);

function WorkspacePages() {
  const { shell } = useTexts();
  const { orgId = '', workspaceId } = useParams();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const navigate = useNavigate();
  const current = workspaceId ?? workspaces[0]?.id;
  const membersOf = (id: string) => `/organizations/${orgId}/workspaces/${id}/members`;
  if (!current) return null;
  return (
    <div>
      <Select
        label={shell.workspace}
        mb="xs"
        data={workspaces.map(({ id, display_name: label }) => ({ value: id, label }))}
        value={current}
        searchable={workspaces.length > 10}
        allowDeselect={false}
        onChange={(id) => id && void navigate(membersOf(id))}
      />
      <PageLink to={membersOf(current)} label={shell.members} />
    </div>
  );
}

type PageLinkProps = {
  to: string;
  label: string;
  /** Whether pages below it belong to it. */
  hasParts?: boolean;
};

const PageLink = ({ to, label, hasParts = false }: PageLinkProps) => (
  <NavLink
    component={RouterLink}
    to={to}
    label={label}
    active={useMatch({ path: to, end: !hasParts }) !== null}
  />
);
