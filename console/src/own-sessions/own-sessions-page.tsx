import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { useSaved } from '../saved/saved';
import { PageHead } from '../common/page-head';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { usePageTexts, useTexts, useRecentTimes } from '../texts/texts';
import { sessionTexts } from './texts';
import { type OwnSession, useEndSession, useOwnSessions, useSignOutEverywhere } from './use-own-sessions';

/** Where the signed-in user is signed in. */
export function OwnSessionsPage() {
  const texts = usePageTexts(sessionTexts);
  const everywhere = useSignOutEverywhere();
  const [isAsking, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={
          <Button variant="default" onClick={dialog.open}>
            {texts.everywhere}
          </Button>
        }
      />
      <Loaded query={useOwnSessions()}>{(sessions) => <SessionTable sessions={sessions} />}</Loaded>
      {isAsking && (
        <ConfirmDialog
          title={`${texts.everywhere}?`}
          text={texts.everywhereText}
          action={texts.everywhere}
          change={everywhere}
          input={undefined}
          onClose={dialog.close}
        />
      )}
    </Stack>
  );
}

function SessionTable({ sessions }: { sessions: readonly OwnSession[] }) {
  const texts = usePageTexts(sessionTexts);
  const end = useEndSession();
  const nameOf = useDeviceName();
  const [ending, setEnding] = useState<OwnSession | null>(null);
  const saved = useSaved();
  return (
    <Stack gap="sm">
      <SimpleTable
        caption={texts.title}
        columns={useColumns(setEnding)}
        rows={sessions}
        keyOf={({ id }) => id}
        emptyText={texts.none}
      />
      {ending && (
        <ConfirmDialog
          title={texts.endTitle(nameOf(ending))}
          text={texts.endText}
          action={texts.end}
          change={end}
          input={ending}
          onDone={() => saved({ text: texts.ended(nameOf(ending)) })}
          onClose={() => setEnding(null)}
        />
      )}
    </Stack>
  );
}

function useDeviceName(): (session: OwnSession) => string {
  const texts = usePageTexts(sessionTexts);
  return ({ browser, platform }) =>
    browser && platform ? texts.on(browser, platform) : (browser ?? platform ?? texts.unknown);
}

function useColumns(onEnd: (session: OwnSession) => void): SimpleColumn<OwnSession>[] {
  const texts = usePageTexts(sessionTexts);
  const { common } = useTexts();
  const nameOf = useDeviceName();
  const lastUse = useLastUse();
  return [
    { label: texts.device, cell: (session) => <Device session={session} name={nameOf(session)} /> },
    {
      label: texts.network,
      visibleFrom: 'lg',
      width: 260,
      cell: ({ client_host: host }) => (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {host ?? '–'}
        </Text>
      ),
    },
    {
      label: texts.lastUsed,
      visibleFrom: 'sm',
      width: 190,
      cell: (session) => <Text size="sm">{lastUse(session)}</Text>,
    },
    {
      label: common.actionsColumn,
      width: 120,
      isUnseen: true,
      cell: (session) =>
        !session.is_current && (
          <Group justify="flex-end">
            <Button variant="subtle" color="red" size="compact-sm" onClick={() => onEnd(session)}>
              {texts.end}
              <span className="visually-hidden"> {nameOf(session)}</span>
            </Button>
          </Group>
        ),
    },
  ];
}

/** A session that was not used after its first minute was last used when it began. */
function useLastUse(): (session: OwnSession) => string {
  const { now } = usePageTexts(sessionTexts);
  const time = useRecentTimes();
  return ({ is_current: isCurrent, last_used_at: lastUsed, created_at: begun }) =>
    isCurrent ? now : time(lastUsed ?? begun);
}

/** On narrow screens with what the other columns say. */
function Device({ session, name }: { session: OwnSession; name: string }) {
  const texts = usePageTexts(sessionTexts);
  const time = useRecentTimes();
  const lastUse = useLastUse();
  const { is_current: isCurrent, created_at: begun, client_host: host } = session;
  return (
    <>
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {name}
        </Text>
        {isCurrent && (
          <Badge variant="light" tt="none">
            {texts.current}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {texts.signedIn(time(begun))}
      </Text>
      {!isCurrent && (
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {texts.lastUsed}: {lastUse(session)}
        </Text>
      )}
      <Text size="xs" c="dimmed" hiddenFrom="lg" style={{ overflowWrap: 'anywhere' }}>
        {host}
      </Text>
    </>
  );
}
