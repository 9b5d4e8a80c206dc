import { Group, Stack, Tabs, Text } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { Waiting } from './loaded';
import { PageHead } from './page-head';

type Props = {
  title: string;
  /** The last part of the path of each, and its label. */
  tabs: Readonly<Record<string, string>>;
};

/** A page whose parts have addresses of their own. */
export function PageTabs({ title, tabs }: Props) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const begin = pathname.lastIndexOf('/') + 1;
  const current = pathname.slice(begin);
  const show = (tab: string | null) => tab && void navigate(pathname.slice(0, begin) + tab);
  const parts = Object.entries(tabs);
  return (
    <Stack gap="md" maw={1200}>
      <PageHead title={title} />
      <Tabs value={current} onChange={show}>
        {parts.length > 1 && (
          <Tabs.List mb="md">
            {parts.map(([tab, label]) => (
              <Tabs.Tab key={tab} value={tab}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        )}
        <Tabs.Panel value={current}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** What a part is for, with its main action at the end of the line. */
export const TabHead = ({ text, action }: { text: string; action?: ReactNode }) => (
  <Group justify="space-between" align="flex-start">
    <Text c="dimmed" className="wrapped" style={{ flex: '1 1 320px' }}>
      {text}
    </Text>
    {action}
  </Group>
);
