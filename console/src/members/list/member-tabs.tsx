import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useTexts } from '../../texts/texts';

export type Tab = 'active' | 'pending';

/** The tab in the address; choosing another one resets search, order and page. */
export function useTab(): [Tab, (tab: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') === 'pending' ? 'pending' : 'active';
  return [tab, (next) => setSearch(next === 'pending' ? { tab: 'pending' } : {})];
}

/** Active members and invitations, each with a table of its own. */
export function MemberTabs({ active, pending }: Record<Tab, ReactNode>) {
  const { members } = useTexts();
  const [tab, show] = useTab();
  return (
    <Tabs value={tab} onChange={show} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="active">{members.active}</Tabs.Tab>
        <Tabs.Tab value="pending">{members.pending}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="active">{active}</Tabs.Panel>
      <Tabs.Panel value="pending">{pending}</Tabs.Panel>
    </Tabs>
  );
}
