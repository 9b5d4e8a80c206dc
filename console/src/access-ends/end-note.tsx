import { Text } from '@mantine/core';
import { useState } from 'react';
import { useDates, usePageTexts, useMinutes } from '../texts/texts';
import { endTexts } from './texts';

const SOON_MS = 7 * 24 * 60 * 60 * 1000;

type Props = {
  end: string | null | undefined;
  /** The name of the role from then on; without one, the access ends. */
  next?: string | null | undefined;
  /** The address of who set it. */
  by?: string | null | undefined;
};

/** Until when somebody has access; nothing if it is permanent. With the time of day in the last week. */
export function EndNote({ end, next, by }: Props) {
  const texts = usePageTexts(endTexts);
  const date = useDates();
  const time = useMinutes();
  const [now] = useState(Date.now);
  if (!end) return null;
  const left = Date.parse(end) - now;
  const isSoon = left > 0 && left < SOON_MS;
  const shown = isSoon ? time(end) : date(end);
  return (
    <Text
      size="xs"
      c={isSoon ? undefined : 'dimmed'}
      className={isSoon ? 'ends-soon' : undefined}
      title={time(end)}
    >
      {left <= 0 ? texts.ended(shown) : next ? texts.untilThen(shown, next) : texts.until(shown)}
      {by && texts.setBy(by)}
    </Text>
  );
}
