import { Text } from '@mantine/core';
import { useId } from 'react';
import { ProblemText } from '../../problems/problem-text';
import { usePageTexts } from '../../texts/texts';
import { NotDone } from './not-done';
import { bulkTexts } from './texts';

export type Person = {
  readonly id: string;
  readonly full_name?: string | null;
  readonly email?: string | null;
  readonly user_id?: string | null;
  /** What is changed for them. */
  readonly note?: string;
};

export const nameOf = ({ full_name: name, email }: Person): string => name || email || '';

const SHOWN = 200;

type Props = {
  readonly label: string;
  readonly people: readonly Person[];
  /** Why nothing was done for each. */
  readonly reasons?: readonly Error[];
};

/** Who is selected, or was refused. */
export function People({ label, people, reasons = [] }: Props) {
  const texts = usePageTexts(bulkTexts);
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={500} id={id} mb={4}>
        {label}
      </Text>
      <ul className="bulk-people" aria-labelledby={id} tabIndex={0}>
        {people.slice(0, SHOWN).map((person, index) => (
          <li key={person.id}>
            {nameOf(person)}
            {person.full_name && <span className="bulk-address"> {person.email}</span>}
            {person.note && <div className="bulk-address">{person.note}</div>}
            {reasons[index] && (
              <Text size="sm" c="var(--mantine-color-red-text)" component="div">
                {reasons[index] instanceof NotDone ? (
                  reasons[index].message
                ) : (
                  <ProblemText error={reasons[index]} />
                )}
              </Text>
            )}
          </li>
        ))}
        {people.length > SHOWN && <li>{texts.more(people.length - SHOWN)}</li>}
      </ul>
    </div>
  );
}
