import { Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { type RowAction, RowMenu } from '../common/row-menu';
import { Outcome, useResultText } from '../receivers/outcome';
import { receiverTexts } from '../receivers/texts';
import { useSaved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts, useRecentTimes, useTexts } from '../texts/texts';
import { AttemptDialog } from './attempt-dialog';
import { webhookTexts } from './texts';
import { type Attempt, useRedeliver, type Webhook } from '../receivers/use-webhooks';

type TableProps = {
  webhook: Webhook;
  attempts: readonly Attempt[];
  isFiltered: boolean;
  onEvent: (id: string) => void;
};

/** Attempts, each with its response on request. */
export function AttemptTable({ webhook, attempts, isFiltered, onEvent }: TableProps) {
  const texts = usePageTexts(webhookTexts);
  const [opened, setOpened] = useState<Attempt | null>(null);
  const numberOf = useNumbers();
  const actionsOf = useRowActions(webhook, onEvent);
  const columns = useColumns(actionsOf, setOpened);
  return (
    <>
      <SimpleTable
        caption={texts.attempts}
        columns={columns}
        rows={attempts}
        keyOf={({ id }) => id}
        emptyText={isFiltered ? texts.noneMatch : texts.noAttempts}
      />
      {opened && (
        <AttemptDialog attempt={opened} numberText={numberOf(opened)} onClose={() => setOpened(null)} />
      )}
    </>
  );
}

function useNumbers(): (attempt: Attempt) => string {
  const texts = usePageTexts(webhookTexts);
  return ({ attempt }) => (attempt === 0 ? texts.test : texts.attemptOf(attempt));
}

function useColumns(
  actionsOf: (attempt: Attempt) => RowAction[],
  onOpen: (attempt: Attempt) => void,
): SimpleColumn<Attempt>[] {
  const texts = usePageTexts(webhookTexts);
  const { common } = useTexts();
  const time = useRecentTimes();
  const { nextAt } = usePageTexts(receiverTexts);
  const resultText = useResultText();
  const numberOf = useNumbers();
  return [
    {
      label: texts.event,
      cell: (attempt) => (
        <>
          <UnstyledButton fz="sm" fw={500} td="underline" className="wrapped" onClick={() => onOpen(attempt)}>
            {attempt.event_type}
          </UnstyledButton>
          <Text size="xs" c="dimmed" visibleFrom="sm" ff="monospace" className="wrapped">
            {attempt.event_id}
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="wrapped">
            {[resultText(attempt), numberOf(attempt), time(attempt.attempted_at)].join(' · ')}
          </Text>
        </>
      ),
    },
    {
      label: texts.result,
      visibleFrom: 'sm',
      width: 180,
      cell: (attempt) => <Outcome result={attempt} />,
    },
    {
      label: texts.attempt,
      visibleFrom: 'md',
      width: 100,
      cell: (attempt) => <Text size="sm">{numberOf(attempt)}</Text>,
    },
    {
      label: texts.time,
      visibleFrom: 'sm',
      width: 175,
      cell: ({ attempted_at: at, next_attempt_at: next }) => (
        <>
          <Text size="sm">{time(at)}</Text>
          {next && (
            <Text size="xs" c="dimmed">
              {nextAt(time(next))}
            </Text>
          )}
        </>
      ),
    },
    {
      label: common.actionsColumn,
      isUnseen: true,
      width: 52,
      cell: (attempt) => (
        <RowMenu who={`${attempt.event_type}, ${numberOf(attempt)}`} actions={actionsOf(attempt)} />
      ),
    },
  ];
}

/** A test is no event that could be sent again. */
function useRowActions(webhook: Webhook, onEvent: (id: string) => void) {
  const texts = usePageTexts(webhookTexts);
  const isAdmin = useIsOrganizationAdmin();
  const saved = useSaved();
  const redeliver = useRedeliver(webhook.id);
  return ({ attempt, event_id: id }: Attempt): RowAction[] => {
    if (attempt === 0) return [];
    const sendAgain = () =>
      redeliver.mutate(
        { ids: [id] },
        {
          onSuccess: (count) => saved({ text: texts.redelivered(count) }),
          onError: (error) => saved({ error }),
        },
      );
    return [
      { label: texts.showEvent, run: () => onEvent(id) },
      ...(isAdmin && webhook.is_enabled ? [{ label: texts.redeliverOne, run: sendAgain }] : []),
    ];
  };
}
