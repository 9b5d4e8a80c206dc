import { Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMinutes, usePageTexts } from '../texts/texts';
import { endAt, endOf, fieldsOf, LAST_MINUTE, type Preset, PRESETS } from './end-days';
import { endTexts } from './texts';
import { useOwnEnd } from './use-own-end';

const NEVER = 'never';
const AT = 'at';

/** When access ends; null: never; undefined: not chosen yet, or in the past. */
export type End = string | null | undefined;

type Chosen = { readonly choice: string; readonly end: End; readonly day: string; readonly time: string };

type ChosenEnd = Chosen & {
  /** What the choices mean. */
  readonly presets: Readonly<Record<Preset, string>>;
  readonly choose: (choice: string) => void;
  /** In the time zone of the browser. */
  readonly type: (fields: Pick<Chosen, 'day'> | Pick<Chosen, 'time'>) => void;
  readonly reset: () => void;
};

/** The moment is fixed when it is chosen, so that a repeated request is the same request. */
export function useEnd(initial: string | null = null): ChosenEnd {
  const first: Chosen = {
    choice: initial ? AT : NEVER,
    end: initial,
    ...(initial ? fieldsOf(initial) : { day: '', time: LAST_MINUTE }),
  };
  const [presets] = useState(() => {
    const now = new Date();
    return { friday: endOf('friday', now), week: endOf('week', now), month: endOf('month', now) };
  });
  const [chosen, setChosen] = useState(first);
  const choose = (choice: string) => {
    const preset = PRESETS.find((one) => one === choice);
    const end = preset ? presets[preset] : choice === NEVER ? null : (chosen.end ?? undefined);
    setChosen({ ...chosen, choice, end, ...(end ? fieldsOf(end) : {}) });
  };
  const type = (fields: Partial<Chosen>) => {
    const next = { ...chosen, ...fields };
    setChosen({ ...next, end: endAt(next.day, next.time, new Date()) });
  };
  return { ...chosen, presets, choose, type, reset: () => setChosen(first) };
}

/** Asks when access ends: never, at the end of a day, or at a moment in the time zone of the browser. */
export function EndField({ label, ...chosen }: ChosenEnd & { label?: string }) {
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  const { data: ownEnd } = useOwnEnd();
  const { choice, presets } = chosen;
  return (
    <Stack gap="xs" maw={340}>
      <NativeSelect
        label={label ?? texts.label}
        data={[
          { value: NEVER, label: texts.never },
          ...PRESETS.map((value) => ({
            value,
            label: texts.withTime(texts.presets[value], time(presets[value])),
          })),
          { value: AT, label: texts.at },
        ]}
        value={choice}
        onChange={(event) => chosen.choose(event.currentTarget.value)}
      />
      {choice === AT && <DayAndTime {...chosen} />}
      {ownEnd && <Text size="sm">{texts.ownRoleEnds(time(ownEnd))}</Text>}
    </Stack>
  );
}

function DayAndTime({ day, time, end, type }: ChosenEnd) {
  const texts = usePageTexts(endTexts);
  return (
    <div>
      <Group gap="xs" grow>
        <TextInput
          type="date"
          label={texts.day}
          error={day && !end ? texts.isPast : undefined}
          value={day}
          onChange={(event) => type({ day: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label={texts.time}
          value={time}
          onChange={(event) => type({ time: event.currentTarget.value })}
        />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {texts.timeZone(Intl.DateTimeFormat().resolvedOptions().timeZone)}
      </Text>
    </div>
  );
}
