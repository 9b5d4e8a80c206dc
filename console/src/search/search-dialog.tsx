import { Combobox, Group, Loader, Stack, Text, TextInput, useCombobox } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { Dialog } from '../common/dialog';
import { Initials } from '../people/initials';
import { usePageTexts, useTexts } from '../texts/texts';
import { searchTexts } from './texts';
import { type Result, type Section, useSearch } from './use-search';

type Props = { pages: readonly Result[]; onClose: () => void };

/** Finds people, things, pages and help, and leads there. */
export function SearchDialog({ pages, onClose }: Props) {
  const { common, members } = useTexts();
  const texts = usePageTexts(searchTexts);
  const [input, setInput] = useState('');
  const text = input.trim();
  const { sections, isWaiting, isIncomplete } = useSearch(text, pages);
  const results = sections.flatMap((section) => section.results);
  const { selected, go, onKeyDown, reset } = useSelection(sections, isWaiting, onClose);
  const listId = useId();
  const idOf = ({ to }: Result) => `${listId} ${to}`.replaceAll(' ', '');
  const selectedId = selected && idOf(selected);
  useEffect(() => {
    if (selectedId) document.getElementById(selectedId)?.scrollIntoView({ block: 'nearest' });
  }, [selectedId]);
  const type = (value: string) => {
    setInput(value);
    reset();
  };
  const nothing = results.length === 0 && !isWaiting && !isIncomplete;
  return (
    <Dialog title={common.search} size="lg" isChanged={false} onClose={onClose}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          role="combobox"
          aria-label={common.search}
          aria-autocomplete="list"
          aria-expanded={results.length > 0}
          aria-controls={results.length > 0 ? listId : undefined}
          aria-activedescendant={selectedId}
          autoComplete="off"
          size="md"
          placeholder={texts.placeholder}
          rightSection={isWaiting && <Loader size="xs" aria-hidden />}
          value={input}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {results.length > 0 && (
          <Results id={listId} sections={sections} selected={selected} idOf={idOf} onChoose={go} />
        )}
        <Text size="sm" role="status" className={nothing ? 'wrapped' : 'visually-hidden'}>
          {nothing ? members.noMatch(text) : !isWaiting && texts.found(results.length)}
        </Text>
        {isIncomplete && (
          <Text size="sm" role="alert">
            {texts.incomplete}
          </Text>
        )}
      </Stack>
    </Dialog>
  );
}

/**
 * The first result until another one is chosen. Enter waits for what is being searched, unless it leads to a page, which
 * comes first.
 */
function useSelection(sections: readonly Section[], isWaiting: boolean, onClose: () => void) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>();
  const [isEntered, setIsEntered] = useState(false);
  const results = sections.flatMap((section) => section.results);
  const selected = results.find(({ to }) => to === chosen) ?? results[0];
  const isCurrent = !isWaiting || chosen !== undefined || sections[0]?.kind === 'pages';
  const go = (to: string) => {
    onClose();
    void navigate(to);
  };
  useEffect(() => {
    if (isEntered && isCurrent && selected) go(selected.to);
  });
  const select = (next?: string, entered = false) => {
    setChosen(next);
    setIsEntered(entered);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = STEPS[event.key];
    if (event.key === 'Enter') select(chosen, true);
    else if (step && selected) select(results.at((results.indexOf(selected) + step) % results.length)?.to);
    else return;
    event.preventDefault();
  };
  return { selected, go, onKeyDown, reset: () => select() };
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

type ResultsProps = {
  id: string;
  sections: readonly Section[];
  selected: Result | undefined;
  idOf: (result: Result) => string;
  onChoose: (to: string) => void;
};

/** The text field keeps the focus; the library gives the look and the roles of options. */
function Results({ id, sections, selected, idOf, onChoose }: ResultsProps) {
  const { common } = useTexts();
  const { kinds } = usePageTexts(searchTexts);
  return (
    <Combobox store={useCombobox()} onOptionSubmit={onChoose}>
      <Combobox.Options
        id={id}
        aria-label={common.search}
        mah="min(65dvh, 30rem)"
        style={{ overflowY: 'auto' }}
      >
        {sections.map(({ kind, results }) => (
          <Combobox.Group key={kind} label={kinds[kind]}>
            {results.map((result) => (
              <Combobox.Option
                key={result.to}
                id={idOf(result)}
                value={result.to}
                selected={result === selected}
                aria-selected={result === selected}
                lang={kind === 'help' ? 'en' : undefined}
              >
                <ResultLine {...result} />
              </Combobox.Option>
            ))}
          </Combobox.Group>
        ))}
      </Combobox.Options>
    </Combobox>
  );
}

const ResultLine = ({ title, detail, email }: Result) => (
  <Group gap="sm" wrap="nowrap">
    {email && <Initials name={title} email={email} size={28} />}
    <Group gap="sm" miw={0} className="wrapped" style={{ rowGap: 0 }}>
      {title}
      {detail && <small>{detail}</small>}
    </Group>
  </Group>
);
