import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { TabCount } from '../../common/tab-count';
import { useTexts } from '../../texts/texts';
import { isFiltered, useListView } from './use-list-view';
import { type Source, useTotal } from './use-member-list';

export type Tab = 'active' | 'pending';

/** The tab in the address; choosing another one resets search, order and page. */
export function useTab(): [Tab, (tab: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') === 'pending' ? 'pending' : 'active';
  return [tab, (next) => setSearch(next === 'pending' ? { tab: 'pending' } : {})];
}

type Props = {
  readonly lists: Readonly<Record<Tab, Source<unknown>>>;
  readonly panels: Readonly<Record<Tab, ReactNode>>;
};

/** Active members and invitations, each with a table of its own. */
export function MemberTabs({ lists, panels }: Props) {
  const { members } = useTexts();
  const [tab, show] = useTab();
  const [view] = useListView();
  const isRead = (one: Tab) => one === tab && !isFiltered(view);
  const active = useTotal(lists.active, isRead('active'));
  const pending = useTotal(lists.pending, isRead('pending'));
  return (
    <Tabs value={tab} onChange={show} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="active" rightSection={<TabCount count={active} />}>
          {members.active}
        </Tabs.Tab>
        <Tabs.Tab value="pending" rightSection={<TabCount count={pending} />}>
          {members.pending}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="active">{panels.active}</Tabs.Panel>
      <Tabs.Panel value="pending">{panels.pending}</Tabs.Panel>
    </Tabs>
  );
}
