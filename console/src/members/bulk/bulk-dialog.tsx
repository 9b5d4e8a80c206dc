import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { pageUser } from '../../api/page-user';
import { Dialog } from '../../common/dialog';
import { type Saved, useSaved } from '../../saved/saved';
import { usePageTexts, useTexts } from '../../texts/texts';
import { nameOf, People, type Person } from './people';
import { type Outcome, runEach } from './run-each';
import { bulkTexts } from './texts';

/** What every dialog about selected rows gets. */
export type BulkDialogProps<Row> = {
  readonly rows: readonly Row[];
  /** Says for whom nothing was done. */
  readonly onDone: (rest: readonly Row[]) => void;
  readonly onClose: () => void;
};

type Props<Row> = BulkDialogProps<Row> & {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Null while something has to be chosen. */
  readonly run: ((row: Row) => Promise<unknown>) | null;
  /** What was read under these keys is read again afterwards. */
  readonly keys: readonly QueryKey[];
  readonly doneText: (done: readonly Row[]) => string;
  readonly next?: (done: readonly Row[]) => Saved['next'];
  /** What the result shows beside the numbers; without it, the dialog closes when all was done. */
  readonly resultOf?: () => ReactNode;
  /** Stands below the text. */
  readonly children?: ReactNode;
};

/** Asks, shows the progress, and says who was refused and why. */
export function BulkDialog<Row extends Person>(props: Props<Row>) {
  const { title, rows, resultOf, onClose } = props;
  const { progress, outcome, start, stop } = useRunning(props);
  const texts = usePageTexts(bulkTexts);
  return (
    <Dialog
      title={outcome ? texts.result : title}
      size="lg"
      closesOnClickOutside={!progress && !resultOf}
      onClose={progress ? stop : onClose}
    >
      {outcome ? (
        <Result outcome={outcome} total={rows.length} onClose={onClose}>
          {resultOf?.()}
        </Result>
      ) : progress === null ? (
        <Question {...props} onStart={start} />
      ) : (
        <Running count={progress} total={rows.length} onStop={stop} />
      )}
    </Dialog>
  );
}

function useRunning<Row extends Person>(props: Props<Row>) {
  const { rows, run, keys, doneText, next, resultOf, onDone, onClose } = props;
  const queries = useQueryClient();
  const saved = useSaved();
  const [progress, setProgress] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Outcome<Row> | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async () => {
    if (!run) return;
    running.current = new AbortController();
    setProgress(0);
    const result = await runEach(rows, run, { signal: running.current.signal, onProgress: setProgress });
    for (const queryKey of keys) await queries.invalidateQueries({ queryKey });
    const { done, refused, left } = result;
    if (done.length > 0) saved({ text: doneText(done), next: next?.(done) });
    onDone([...refused.map(({ row }) => row), ...left]);
    if (done.length === rows.length && !resultOf) onClose();
    else setOutcome(result);
    setProgress(null);
  };
  return { progress, outcome, start, stop: () => running.current?.abort() };
}

type QuestionProps<Row> = Props<Row> & { readonly onStart: () => Promise<void> };

function Question<Row extends Person>({ isDangerous = false, onStart, ...props }: QuestionProps<Row>) {
  const { text, action, rows, run, children, onClose } = props;
  const { common } = useTexts();
  const texts = usePageTexts(bulkTexts);
  const isAmong = rows.some(({ user_id: userId }) => userId && userId === pageUser());
  return (
    <Stack>
      <Text size="sm">{text}</Text>
      {children}
      <People label={texts.who(rows.length)} people={rows} />
      {isAmong && <Alert color="yellow">{texts.includesYou}</Alert>}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {common.cancel}
        </Button>
        <Button {...(isDangerous ? { color: 'red.9' } : {})} disabled={!run} onClick={() => void onStart()}>
          {action}
        </Button>
      </Group>
    </Stack>
  );
}

function Running({ count, total, onStop }: { count: number; total: number; onStop: () => void }) {
  const texts = usePageTexts(bulkTexts);
  const text = texts.progress(count, total);
  useWindowEvent('beforeunload', (event) => event.preventDefault()); // the browser asks before the page is left
  return (
    <Stack>
      <Progress.Root size="lg">
        <Progress.Section value={(100 * count) / total} aria-label={text} />
      </Progress.Root>
      <Group justify="space-between">
        <Text size="sm">{text}</Text>
        <Button variant="default" data-autofocus onClick={onStop}>
          {texts.stop}
        </Button>
      </Group>
    </Stack>
  );
}

type ResultProps<Row> = {
  outcome: Outcome<Row>;
  total: number;
  onClose: () => void;
  children: ReactNode;
};

function Result<Row extends Person>({ outcome, total, onClose, children }: ResultProps<Row>) {
  const { done, refused, left } = outcome;
  const { common } = useTexts();
  const texts = usePageTexts(bulkTexts);
  return (
    <Stack>
      <Text size="sm" role="status">
        {texts.doneOf(done.length, total)}
      </Text>
      {children}
      {refused.length > 0 && (
        <People
          label={texts.refused(refused.length)}
          people={refused.map(({ row }) => row)}
          reasons={refused.map(({ error }) => error)}
        />
      )}
      {left.length > 0 && <Text size="sm">{texts.left(left.length)}</Text>}
      <Group justify="flex-end">
        <Button data-autofocus onClick={onClose}>
          {common.close}
        </Button>
      </Group>
    </Stack>
  );
}

/** Offers to undo what was done, person by person, and names those for whom it was not undone. */
export function useBulkUndo(...keys: readonly QueryKey[]) {
  const texts = usePageTexts(bulkTexts);
  const queries = useQueryClient();
  return <Row extends Person>(done: readonly Row[], undo: (row: Row) => Promise<unknown>): Saved['next'] => ({
    label: texts.undo,
    run: async () => {
      const result = await runEach(done, undo);
      for (const queryKey of keys) await queries.invalidateQueries({ queryKey });
      const rest = [...result.refused.map(({ row }) => row), ...result.left];
      const text = texts.undoneFor(result.done.length, done.length);
      if (rest.length === 0) return { text };
      return { text: `${text}\n${texts.notUndone}: ${rest.map(nameOf).join(', ')}`, isProblem: true };
    },
  });
}
