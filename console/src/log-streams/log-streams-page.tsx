import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { MadeBy } from '../keys/secret-columns';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { type RowAction, RowMenu } from '../common/row-menu';
import {
  DisabledReason,
  isDelivered,
  LastAttempt,
  StateBadges,
  useDurations,
  useResultText,
} from '../receivers/outcome';
import { receiverTexts } from '../receivers/texts';
import { useSaved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts, useTexts, useTimes } from '../texts/texts';
import { ChangeLogStreamDialog, CreateLogStreamDialog } from './log-stream-form';
import { logStreamTexts } from './texts';
import {
  type LogStream,
  useChangeLogStream,
  useDeleteLogStream,
  useLogStreams,
  useTestLogStream,
} from '../receivers/use-log-streams';

/** Where the audit log is sent. */
export function LogStreamsPage() {
  const texts = usePageTexts(logStreamTexts);
  const isAdmin = useIsOrganizationAdmin();
  const [isCreating, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={isAdmin && <Button onClick={dialog.open}>{texts.create}</Button>}
      />
      {!isAdmin && <Text size="sm">{texts.forAdmins}</Text>}
      <Loaded query={useLogStreams()}>
        {(streams) => <StreamTable streams={streams} isAdmin={isAdmin} />}
      </Loaded>
      {isCreating && <CreateLogStreamDialog onClose={dialog.close} />}
    </Stack>
  );
}

const nameOf = ({ description, url }: LogStream): string => description || url;

type TableProps = { streams: readonly LogStream[]; isAdmin: boolean };
type Asked = { changed: LogStream } | { disabled: LogStream } | { deleted: LogStream } | null;

function StreamTable({ streams, isAdmin }: TableProps) {
  const texts = usePageTexts(logStreamTexts);
  const receiver = usePageTexts(receiverTexts);
  const { common } = useTexts();
  const [asked, ask] = useState<Asked>(null);
  const close = () => ask(null);
  const change = useChangeLogStream();
  const remove = useDeleteLogStream();
  const actionsOf = useRowActions(ask);
  const actions: SimpleColumn<LogStream> = {
    label: common.actionsColumn,
    isUnseen: true,
    width: 52,
    cell: (stream) => <RowMenu who={nameOf(stream)} actions={actionsOf(stream)} />,
  };
  return (
    <>
      <SimpleTable
        caption={texts.title}
        columns={[...useColumns(), ...(isAdmin ? [actions] : [])]}
        rows={streams}
        keyOf={({ id }) => id}
        emptyText={isAdmin ? texts.createFirst : texts.none}
      />
      {asked && 'changed' in asked && <ChangeLogStreamDialog stream={asked.changed} onClose={close} />}
      {asked && 'disabled' in asked && (
        <ConfirmDialog
          title={texts.disableTitle(nameOf(asked.disabled))}
          text={texts.disableText}
          action={receiver.disable}
          change={change}
          input={{ id: asked.disabled.id, change: { is_enabled: false } }}
          onClose={close}
        />
      )}
      {asked && 'deleted' in asked && (
        <ConfirmDialog
          title={texts.removeTitle(nameOf(asked.deleted))}
          text={texts.removeText}
          action={receiver.remove}
          change={remove}
          input={asked.deleted.id}
          onClose={close}
        />
      )}
    </>
  );
}

function useRowActions(ask: (asked: Asked) => void) {
  const texts = usePageTexts(logStreamTexts);
  const receiver = usePageTexts(receiverTexts);
  const saved = useSaved();
  const resultText = useResultText();
  const test = useTestLogStream();
  const change = useChangeLogStream();
  const onError = (error: Error) => saved({ error });
  const sendTest = ({ id }: LogStream) => {
    saved({ text: receiver.testing }); // it may take 15 s
    test.mutate(id, {
      onSuccess: (result) =>
        saved({ text: receiver.testDone(resultText(result)), isProblem: !isDelivered(result) }),
      onError,
    });
  };
  const enable = ({ id }: LogStream) =>
    change.mutate(
      { id, change: { is_enabled: true } },
      { onSuccess: () => saved({ text: texts.wasEnabled }), onError },
    );
  return (stream: LogStream): RowAction[] => [
    { label: receiver.sendTest, run: () => sendTest(stream) },
    { label: receiver.change, run: () => ask({ changed: stream }) },
    stream.is_enabled
      ? { label: receiver.disable, run: () => ask({ disabled: stream }) }
      : { label: receiver.enable, run: () => enable(stream) },
    { label: receiver.remove, isDangerous: true, run: () => ask({ deleted: stream }) },
  ];
}

function useColumns(): SimpleColumn<LogStream>[] {
  const texts = usePageTexts(logStreamTexts);
  const receiver = usePageTexts(receiverTexts);
  const resultText = useResultText();
  return [
    {
      label: texts.stream,
      cell: (stream) => (
        <>
          <Group gap="xs">
            <Text size="sm" fw={500} className="wrapped">
              {nameOf(stream)}
            </Text>
            <StateBadges receiver={stream} />
          </Group>
          <Text component="div" size="xs" c="dimmed" className="wrapped">
            {stream.description && <div>{stream.url}</div>}
            {stream.include_names && <div>{texts.withNames}</div>}
            {stream.headers.length > 0 && <div>{texts.withHeaders(stream.headers.join(', '))}</div>}
            <MadeBy secret={stream} />
          </Text>
          <Problems stream={stream} />
          <Text component="div" size="xs" c="dimmed" hiddenFrom="sm">
            {texts.lag}: <Lag stream={stream} />
            {stream.last_attempt && (
              <div>{`${receiver.lastAttempt}: ${resultText(stream.last_attempt)}`}</div>
            )}
          </Text>
        </>
      ),
    },
    {
      label: texts.lag,
      visibleFrom: 'sm',
      width: 200,
      cell: (stream) => (
        <Text component="div" size="sm">
          <Lag stream={stream} />
        </Text>
      ),
    },
    {
      label: receiver.lastAttempt,
      visibleFrom: 'sm',
      width: 200,
      cell: (stream) => <LastAttempt receiver={stream} />,
    },
  ];
}

/** Why it stands still, and what was lost. */
function Problems({ stream }: { stream: LogStream }) {
  const texts = usePageTexts(logStreamTexts);
  const time = useTimes();
  const { missed_before: missed } = stream;
  return (
    <Text component="div" size="xs" className="wrapped">
      <DisabledReason receiver={stream} />
      {missed && <div>{texts.missed(time(missed))}</div>}
    </Text>
  );
}

const MOST_COUNTED = 10_000;

function Lag({ stream: { lag_entries: entries, lag_seconds: seconds } }: { stream: LogStream }) {
  const texts = usePageTexts(logStreamTexts);
  const duration = useDurations();
  if (entries === 0) return texts.noLag;
  return entries < MOST_COUNTED
    ? texts.behind(entries, duration(seconds))
    : texts.farBehind(entries, duration(seconds));
}
