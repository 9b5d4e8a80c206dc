import { Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { useDates, useLanguage, usePageTexts } from '../texts/texts';
import { overviewTexts } from './texts';
import type { Overview } from './use-overview';

type Days = NonNullable<Overview['days']>;

/** Two rows of bars, and the same numbers as a table for screen readers. */
export function DaysCard({ days }: { days: Days }) {
  const texts = usePageTexts(overviewTexts);
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Bars title={texts.signIns} days={days} valueOf={({ sign_ins: count }) => count} />
        <Bars title={texts.newMembers} days={days} valueOf={({ joined }) => joined} />
      </SimpleGrid>
      <DayTable days={days} />
    </>
  );
}

const [STEP, BAR, HEIGHT] = [10, 7, 72];

type BarsProps = { title: string; days: Days; valueOf: (day: Days[number]) => number };

function Bars({ title, days, valueOf }: BarsProps) {
  const texts = usePageTexts(overviewTexts);
  const { language } = useLanguage();
  const dayOf = useDayNames();
  const values = days.map(valueOf);
  const most = Math.max(1, ...values);
  const total = values.reduce((sum, value) => sum + value, 0);
  const inWords = (value: number) => value.toLocaleString(language);
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {texts.lastDays(inWords(total))}. {total > 0 && texts.most(inWords(most))}
      </Text>
      <svg viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`} className="bars" aria-hidden>
        {values.map((value, index) => (
          <rect
            key={days[index]?.day}
            x={index * STEP}
            y={HEIGHT - heightOf(value, most)}
            width={BAR}
            height={heightOf(value, most)}
            rx={1}
          >
            <title>{`${dayOf(days[index]?.day ?? '')}: ${inWords(value)}`}</title>
          </rect>
        ))}
      </svg>
      <Group justify="space-between" aria-hidden>
        {[days.at(0), days.at(-1)].map(
          (day) =>
            day && (
              <Text key={day.day} span size="xs" c="dimmed">
                {dayOf(day.day)}
              </Text>
            ),
        )}
      </Group>
    </Paper>
  );
}

/** A day without any is a line. */
const heightOf = (value: number, most: number) => Math.max(1, (value / most) * HEIGHT);

/** Noon of the reader, which is on that day in every time zone. */
function useDayNames(): (day: string) => string {
  const date = useDates();
  return (day) => date(`${day}T12:00`);
}

function DayTable({ days }: { days: Days }) {
  const texts = usePageTexts(overviewTexts);
  const dayOf = useDayNames();
  return (
    <div className="visually-hidden">
      <table>
        <caption>{texts.byDay}</caption>
        <thead>
          <tr>
            {[texts.day, texts.signIns, texts.failedColumn, texts.newMembers, texts.leftColumn].map(
              (label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, sign_ins, failed_sign_ins, joined, left }) => (
            <tr key={day}>
              <th scope="row">{dayOf(day)}</th>
              <td>{sign_ins}</td>
              <td>{failed_sign_ins}</td>
              <td>{joined}</td>
              <td>{left}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
