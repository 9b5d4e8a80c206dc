import { Code, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { CopyText } from '../common/copy-text';
import { Dialog } from '../common/dialog';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { usePageTexts, useTimes } from '../texts/texts';
import { eventTexts } from './texts';
import type { LiveEvent } from './use-live-events';

type Props = {
  events: readonly LiveEvent[];
  subjectOf: (event: LiveEvent) => string;
  actorOf: (event: LiveEvent) => string;
};

/** Events with their names of today; each shows on request what a program receives. */
export function EventTable({ events, subjectOf, actorOf }: Props) {
  const texts = usePageTexts(eventTexts);
  const time = useTimes();
  const [opened, setOpened] = useState<LiveEvent | null>(null);
  const columns: SimpleColumn<LiveEvent>[] = [
    {
      label: texts.event,
      cell: (event) => (
        <>
          <UnstyledButton
            fz="sm"
            fw={500}
            td="underline"
            className="wrapped"
            onClick={() => setOpened(event)}
          >
            {event.type}
          </UnstyledButton>
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="wrapped">
            {[subjectOf(event), actorOf(event), time(event.timestamp)].filter(Boolean).join(' · ')}
          </Text>
        </>
      ),
    },
    {
      label: texts.about,
      visibleFrom: 'sm',
      cell: (event) => <Cell text={subjectOf(event)} />,
    },
    {
      label: texts.by,
      visibleFrom: 'sm',
      cell: (event) => <Cell text={actorOf(event)} />,
    },
    {
      label: texts.time,
      visibleFrom: 'sm',
      width: 230,
      cell: ({ timestamp }) => <Text size="sm">{time(timestamp)}</Text>,
    },
  ];
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={columns}
        rows={events}
        keyOf={({ id }) => id}
        emptyText={texts.noneMatch}
      />
      {opened && <EventDialog event={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

const Cell = ({ text }: { text: string }) => (
  <Text size="sm" lineClamp={2} title={text} className="wrapped">
    {text || '–'}
  </Text>
);

function EventDialog({ event, onClose }: { event: LiveEvent; onClose: () => void }) {
  const json = JSON.stringify(event, null, 2);
  return (
    <Dialog title={event.type} size="lg" onClose={onClose}>
      <Stack>
        <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {json}
        </Code>
        <Group justify="flex-end">
          <CopyText value={json} />
        </Group>
      </Stack>
    </Dialog>
  );
}
