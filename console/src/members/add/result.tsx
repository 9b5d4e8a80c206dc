import { Button, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { endTexts } from '../../access-ends/texts';
import type * as Explain from '../../problems/explain';
import { useLanguage, useMinutes, usePageTexts, useTexts } from '../../texts/texts';
import { WayIn } from '../without-mail/way-in';
import { PeopleTable, type PersonRow } from './people-table';
import { isAlreadyThere, isSent, type PreviewRow } from './preview-people';
import { previewed, stateText } from './preview';
import { listTexts } from './texts';

/** What became of a row that was sent. `notMailed`: invited, and nothing was mailed. */
export type Outcome = {
  readonly kind: 'joined' | 'invited' | 'notMailed';
  /** Of the invitation. */
  readonly id: string;
  /** The end that stays, null for none, if the request named another one. */
  readonly keptEnd?: string | null;
};
export type Outcomes = ReadonlyMap<PreviewRow, Outcome>;

type Props = {
  rows: readonly PreviewRow[];
  outcomes: Outcomes;
  onClose: () => void;
};

export function Result({ rows, outcomes, onClose }: Props) {
  const { add } = useTexts();
  const shown = rows.map((row): PersonRow => {
    const outcome = outcomes.get(row);
    const person = previewed(row, add);
    if (outcome) {
      const kind = outcome.kind === 'joined' ? 'joined' : 'invited';
      return { ...person, text: <Done outcome={outcome} />, kind };
    }
    if (person.kind === 'already') return person;
    return { ...person, text: <Failed label={add.failed} why={person.text} />, kind: 'failed' };
  });
  const failed = rows.filter((row) => !isSent(row) && !isAlreadyThere(row));
  const unmailed = [...outcomes].filter(([, { kind }]) => kind === 'notMailed');
  return (
    <Stack>
      {unmailed.length > 0 && (
        <WayIn
          invited={unmailed.map(([{ email, fullName }, { id }]) => ({ id, email, full_name: fullName }))}
        />
      )}
      <PeopleTable
        label={add.result}
        textLabel={add.result}
        rows={shown}
        height="40dvh"
        action={failed.length > 0 && <CopyRows rows={failed} />}
      />
      <Group justify="flex-end">
        <Button onClick={onClose}>{add.done}</Button>
      </Group>
    </Stack>
  );
}

function Done({ outcome: { kind, keptEnd } }: { outcome: Outcome }) {
  const { add } = useTexts();
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  return (
    <>
      {add[kind === 'joined' ? 'joined' : 'invited']}
      {keptEnd !== undefined && (
        <Text size="xs" c="dimmed">
          {texts.keptEnd(keptEnd ? texts.until(time(keptEnd)) : texts.permanently)}
        </Text>
      )}
    </>
  );
}

const Failed = ({ label, why }: { label: string; why: ReactNode }) => (
  <>
    {label}: {why}
  </>
);

/** Copies rows as a spreadsheet and the field of this dialog read them, each with its reason. */
function CopyRows({ rows }: { rows: readonly PreviewRow[] }) {
  const { add, keys, members } = useTexts();
  const texts = usePageTexts(listTexts);
  const { language } = useLanguage();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    const explain: typeof Explain | null = await import('../../problems/explain').catch(() => null);
    const reasonOf = (row: PreviewRow) =>
      row.refusal ? explain?.explainRow(row.refusal, language).text : stateText(row, add);
    const lines = [
      [members.email, members.name, members.role, texts.reason],
      ...rows.map((row) => [row.email, row.fullName, row.roleName, reasonOf(row)]),
    ];
    const cellOf = (value: string | null | undefined) => (value ?? '').replaceAll(/\s+/g, ' ');
    await navigator.clipboard.writeText(lines.map((line) => line.map(cellOf).join('\t')).join('\n'));
    setIsCopied(true);
  };
  return (
    <Button variant="default" size="compact-sm" fw={500} onClick={() => void copy()}>
      {isCopied ? keys.copied : texts.copyFailed(rows.length)}
    </Button>
  );
}
