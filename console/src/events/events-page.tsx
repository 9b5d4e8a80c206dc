import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { TabHead } from '../common/page-tabs';
import { Problem } from '../common/problem';
import { usePageTexts, useTexts } from '../texts/texts';
import { EventTable } from './event-table';
import { FilterForm, useFilter } from './filter-form';
import { FollowDialog } from './follow-dialog';
import { eventTexts } from './texts';
import { useEventNames } from './use-event-names';
import { type LiveEvent, useLiveEvents } from './use-live-events';

/** Recent events and those that happen while the page is open, newest first. */
export function EventsPage() {
  const texts = usePageTexts(eventTexts);
  const [isPaused, setPaused] = useState(false);
  const [cursor, setCursor] = useState('');
  const { filter, setFilter } = useFilter();
  const followed = useLiveEvents(filter.types, isPaused);
  const { data, error } = followed;
  return (
    <Stack gap="lg">
      <TabHead
        text={texts.text}
        action={
          <Button variant="default" disabled={!data} onClick={() => data && setCursor(data.cursor)}>
            {texts.follow}
          </Button>
        }
      />
      <FilterForm filter={filter} onChange={setFilter} />
      {data && (
        <Group gap="sm" role="status">
          <Badge variant="light" color={isPaused ? 'gray' : 'green'} tt="none" size="lg">
            {isPaused ? texts.paused : texts.live}
          </Badge>
          <Button variant="default" size="compact-sm" onClick={() => setPaused(!isPaused)}>
            {isPaused ? texts.resume : texts.pause}
          </Button>
        </Group>
      )}
      {data && error && <Problem error={error} onRetry={followed.refetch} />}
      <Loaded query={followed}>
        {({ events }) => <Events events={events} text={filter.text} onReset={() => setFilter(NO_FILTER)} />}
      </Loaded>
      {cursor && <FollowDialog cursor={cursor} types={filter.types} onClose={() => setCursor('')} />}
    </Stack>
  );
}

const NO_FILTER = { types: [], text: '' };
const PAGE_SIZE = 50;

type EventsProps = { events: readonly LiveEvent[]; text: string; onReset: () => void };

function Events({ events, text, onReset }: EventsProps) {
  const texts = usePageTexts(eventTexts);
  const { shell } = useTexts();
  const [count, setCount] = useState(PAGE_SIZE);
  const { subjectOf, actorOf } = useEventNames(events);
  const contains = (part: string | null | undefined) => part?.toLowerCase().includes(text.toLowerCase());
  const found = text
    ? events.filter((event) =>
        [
          event.subject?.id,
          event.actor.user_id,
          event.actor.credential_id,
          subjectOf(event),
          actorOf(event),
        ].some(contains),
      )
    : events;
  const more = {
    hasNextPage: found.length > count,
    isFetchingNextPage: false,
    fetchNextPage: () => setCount(count + PAGE_SIZE),
  };
  if (found.length === 0)
    return (
      <Stack align="center" py="xl">
        <Text c="dimmed" ta="center">
          {events.length > 0 ? texts.noneMatch : texts.none}
        </Text>
        {events.length > 0 && (
          <Button variant="default" onClick={onReset}>
            {texts.removeFilters}
          </Button>
        )}
      </Stack>
    );
  return (
    <>
      <EventTable events={found.slice(0, count)} subjectOf={subjectOf} actorOf={actorOf} />
      <MoreButton label={texts.more} list={more} />
      {!more.hasNextPage && (
        <Text size="sm" c="dimmed" ta="center">
          {texts.older}{' '}
          <Anchor component={Link} to="../audit-log" relative="path" inherit underline="always">
            {shell.auditLog}
          </Anchor>
          .
        </Text>
      )}
    </>
  );
}
