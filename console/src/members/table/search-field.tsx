import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../texts/texts';

/** Searches while it is typed; shows the search of the address after the back button, too. */
export function SearchField({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const { members } = useTexts();
  const [text, setText] = useState(query);
  const sent = useRef(query);
  const search = useDebouncedCallback((value: string) => {
    sent.current = value;
    onSearch(value);
  }, 300);
  useEffect(() => {
    if (query === sent.current) return;
    sent.current = query;
    setText(query);
  }, [query]);
  return (
    <TextInput
      type="search"
      flex="1 1 16rem"
      maw={360}
      aria-label={members.searchLabel}
      placeholder={members.searchLabel}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        search(value.trim());
      }}
    />
  );
}
