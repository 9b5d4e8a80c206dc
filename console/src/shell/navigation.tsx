import { Badge, NavLink, Select, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { NavLink as RouterLink, useMatch, useNavigate, useParams } from 'react-router';
import { apiUrl } from '../page/page-settings';
import { usePageTexts, useTexts } from '../texts/texts';
import { useWorkspaces } from '../session/use-workspaces';
import { Icon } from './icon';
import { type MenuPage, useMenu } from './pages';
import { frameTexts } from './texts';

/** The pages of the chosen workspace, then those of the organization. */
export function Navigation() {
  const { common, shell } = useTexts();
  const { help } = usePageTexts(frameTexts);
  return (
    <Stack component="nav" gap="md" aria-label={common.menu}>
      <WorkspacePages />
      {useMenu().map(({ title, pages }) => (
        <Section key={title} title={title}>
          {pages.map((page) => (
            <PageLink key={page.to} {...page} />
          ))}
          {title === shell.account && (
            <>
              <NavLink
                component={RouterLink}
                to="/help/"
                label={help}
                leftSection={<Icon name="help" />}
                {...LOOK}
              />
              <NavLink
                href={`${apiUrl}/docs`}
                label={shell.apiReference}
                leftSection={<Icon name="reference" />}
                {...LOOK}
              />
            </>
          )}
        </Section>
      ))}
    </Stack>
  );
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
      <PageLink to={membersOf(current)} label={shell.members} icon="members" />
    </div>
  );
}

const LOOK = { py: 6, bdrs: 'md' } as const;

function PageLink({ to, label, icon, waiting, hasParts = false, alsoAt = to }: MenuPage) {
  const isHere = useMatch({ path: to, end: !hasParts }) !== null;
  const isAtOther = useMatch(alsoAt) !== null;
  return (
    <NavLink
      component={RouterLink}
      to={to}
      label={label}
      leftSection={<Icon name={icon} />}
      rightSection={waiting && <WaitingBadge {...waiting} />}
      active={isHere || isAtOther}
      {...LOOK}
    />
  );
}

const WaitingBadge = ({ count, text }: NonNullable<MenuPage['waiting']>) => (
  <Badge size="sm" title={text}>
    <span aria-hidden>{count}</span>
    <span className="visually-hidden">{text}</span>
  </Badge>
);
