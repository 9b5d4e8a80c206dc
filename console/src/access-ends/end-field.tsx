import { NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { usePageTexts, useMinutes } from '../texts/texts';
import { endTexts } from './texts';
import { useOwnEnd } from './use-own-end';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = { day: 1, week: 7, month: 30, quarter: 90 };
const NEVER = 'never';
const AT = 'at';

/** When access ends; null: never; undefined: not chosen yet, or in the past. */
export type End = string | null | undefined;

type ChosenEnd = {
  readonly end: End;
  readonly choice: string;
  readonly choose: (choice: string) => void;
  /** As in the field, without a time zone. */
  readonly typed: string;
  readonly type: (local: string) => void;
  readonly reset: () => void;
};

/** The moment is fixed when it is chosen, so that a repeated request is the same request. */
export function useEnd(initial: string | null = null): ChosenEnd {
  const first = { choice: initial ? AT : NEVER, end: initial, typed: initial ? localTime(initial) : '' };
  const [chosen, setChosen] = useState<Pick<ChosenEnd, 'choice' | 'end' | 'typed'>>(first);
  const choose = (choice: string) => {
    if (choice === NEVER) return setChosen({ choice, end: null, typed: '' });
    if (choice !== AT) return setChosen({ choice, end: endOf(choice), typed: '' });
    setChosen(
      chosen.end
        ? { choice, end: chosen.end, typed: localTime(chosen.end) }
        : { choice, end: undefined, typed: '' },
    );
  };
  const type = (typed: string) => {
    const time = Date.parse(typed);
    setChosen({ choice: AT, typed, end: time > Date.now() ? new Date(time).toISOString() : undefined });
  };
  return { ...chosen, choose, type, reset: () => setChosen(first) };
}

function endOf(preset: string): string {
  const now = new Date();
  if (preset === 'year') return new Date(now.getFullYear(), 11, 31, 23, 59, 59).toISOString();
  return new Date(now.getTime() + DAYS[preset as keyof typeof DAYS] * DAY_MS).toISOString();
}

/** For a field of type datetime-local. */
function localTime(iso: string): string {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Asks when access ends: never, after some time, or at a moment in the time zone of the browser. */
export function EndField({ end, choice, choose, typed, type, label }: ChosenEnd & { label?: string }) {
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  const { data: ownEnd } = useOwnEnd();
  const presets = Object.entries(texts.presets).map(([value, text]) => ({ value, label: text }));
  return (
    <Stack gap="xs" maw={300}>
      <NativeSelect
        label={label ?? texts.label}
        description={end && choice !== AT ? texts.until(time(end)) : undefined}
        inputWrapperOrder={['label', 'input', 'description']}
        data={[{ value: NEVER, label: texts.never }, ...presets, { value: AT, label: texts.at }]}
        value={choice}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {choice === AT && (
        <TextInput
          type="datetime-local"
          label={texts.time}
          description={texts.timeHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          error={typed && !end ? texts.isPast : undefined}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
      )}
      {ownEnd && <Text size="sm">{texts.ownRoleEnds(time(ownEnd))}</Text>}
    </Stack>
  );
}
