import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { End } from '../../access-ends/end-field';
import { Dialog } from '../../common/dialog';
import { Problem } from '../../common/problem';
import { useTexts } from '../../texts/texts';
import type { Tab } from '../list/member-tabs';
import { ColumnsQuestion, type Contents } from './columns-question';
import { PeopleField } from './people-field';
import { Preview } from './preview';
import {
  type Choices,
  type FindStates,
  isSent,
  markRefused,
  previewPeople,
  type PreviewRow,
} from './preview-people';
import { type Outcome, type Outcomes, Result } from './result';
import { RoleOffer } from './role-offer';
import { type Entry, isUnderstood, type PeopleTable, readPeople, readRows } from './read-people';

/** Sends all of the rows, or none; the response has one row for each, with the user id of those who joined at once. */
type Send = (rows: readonly PreviewRow[], idempotencyKey: string) => Promise<Sent[]>;
type Sent = {
  readonly id: string;
  readonly user_id?: string | null;
  readonly mail?: string | null;
  readonly access_expires_at?: string | null;
  readonly access_expires_at_applied?: boolean;
};

const outcomeOf = (sent: Sent | undefined): Outcome => ({
  id: sent?.id ?? '',
  kind: sent?.user_id ? 'joined' : sent?.mail === 'not_configured' ? 'notMailed' : 'invited',
  ...(sent?.access_expires_at_applied === false ? { keptEnd: sent.access_expires_at ?? null } : {}),
});

type Props = {
  title: string;
  /** Above the list. */
  intro?: ReactNode;
  /** What is chosen for all of the list. */
  fields: ReactNode;
  /** When their access ends; nothing is sent while it is undefined. */
  end: End;
  /** Null until the roles are loaded. */
  choices: Choices | null;
  findStates: FindStates;
  sendLabel: (count: number) => string;
  send: Send;
  onClose: () => void;
  /** Called at the end with the tab that shows the added people. */
  onAdded: (tab: Tab) => void;
};

type Question = { text: string; table: PeopleTable; contents: Contents };

/** A list of people → what its columns hold, if it does not say it → preview row by row → result row by row. */
export function PeopleDialog(props: Props) {
  const { add } = useTexts();
  const [text, setText] = useState('');
  const [question, setQuestion] = useState<Question | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const preview = usePreview(props);
  const { rows, setRows, outcomes, ...sending } = useSending(props.send);
  const show = (entries: readonly Entry[]) => preview.mutate(entries, { onSuccess: setRows });
  const read = () => {
    const list = readPeople(text);
    if (Array.isArray(list)) return show(list);
    if (question?.text !== text) setQuestion({ text, table: list, contents: list.contents });
    setIsAsking(true);
  };
  const isReady = text.trim() !== '' && props.choices && props.end !== undefined;
  const edit = () => {
    preview.reset();
    setRows(null);
    setIsAsking(false);
  };
  const close = () => {
    props.onClose();
    if (outcomes)
      props.onAdded([...outcomes.values()].some(({ kind }) => kind === 'joined') ? 'active' : 'pending');
  };
  const step = () => {
    if (rows && outcomes) return <Result rows={rows} outcomes={outcomes} onClose={close} />;
    if (rows) {
      const refused = rows.filter(({ state }) => state === 'refused').length; // its button goes, so the focus follows to the rows
      const options = { end: props.end, sendLabel: props.sendLabel, onEdit: edit, ...sending };
      return <Preview key={refused} rows={rows} {...options} />;
    }
    const { error, isPending } = preview;
    if (isAsking && question) {
      const { table, contents } = question;
      return (
        <ColumnsQuestion
          table={table}
          contents={contents}
          setContents={(changed) => setQuestion({ ...question, contents: changed })}
          error={error}
          isPending={isPending}
          onBack={edit}
          onContinue={() => isUnderstood(contents) && show(readRows(table, contents))}
        />
      );
    }
    return (
      <Stack>
        {props.intro}
        <PeopleField text={text} setText={setText} />
        {props.fields}
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button onClick={read} loading={isPending} disabled={!isReady}>
            {add.preview}
          </Button>
        </Group>
      </Stack>
    );
  };
  return (
    <Dialog title={props.title} size="xl" isChanged={text !== '' && !outcomes} onClose={close}>
      {rows && <RoleOffer rows={rows} />}
      {step()}
    </Dialog>
  );
}

function usePreview({ choices, findStates }: Props) {
  return useMutation({
    mutationFn: async (entries: readonly Entry[]) =>
      choices ? previewPeople(entries, choices, findStates) : [],
  });
}

/** The same rows are sent with the same key, so that a repetition after a lost response adds no person twice. */
function useSending(send: Send) {
  const queries = useQueryClient();
  const [rows, setRows] = useState<readonly PreviewRow[] | null>(null);
  const key = useRef({ rows, value: '' });
  const sending = useMutation({
    mutationFn: async (all: readonly PreviewRow[]): Promise<Outcomes> => {
      if (key.current.rows !== all) key.current = { rows: all, value: crypto.randomUUID() };
      const sent = all.filter(isSent);
      const added = await send(sent, key.current.value);
      return new Map(sent.map((row, index) => [row, outcomeOf(added[index])]));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['workspace-members'] });
      await queries.invalidateQueries({ queryKey: ['organization-members'] });
    },
    onError: (error, all) => {
      const marked = markRefused(all, error);
      if (marked) change(marked);
    },
  });
  const change = (changed: readonly PreviewRow[] | null) => {
    setRows(changed);
    sending.reset();
  };
  return {
    rows,
    setRows: change,
    outcomes: sending.data ?? null,
    error: sending.error,
    isSending: sending.isPending,
    onSend: () => rows && sending.mutate(rows),
  };
}
