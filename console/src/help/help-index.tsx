import { Anchor, List, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { pages } from 'virtual:help';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { usePageTexts } from '../texts/texts';
import { searchHelp } from './search';
import { helpTexts } from './texts';

const MOST_RESULTS = 20;

/** All pages, or what is found. The words are in the address, to which the browser goes back. */
export function HelpIndex() {
  const texts = usePageTexts(helpTexts);
  const [parameters, setParameters] = useSearchParams();
  const words = parameters.get('q') ?? '';
  const search = (value: string) => setParameters(value ? { q: value } : {}, { replace: true });
  return (
    <Stack gap="lg" maw={960} mx="auto">
      <PageHead title={texts.title} text={texts.text} />
      <TextInput
        type="search"
        aria-label={texts.search}
        placeholder={texts.search}
        maw={480}
        value={words}
        onChange={(event) => search(event.currentTarget.value)}
      />
      {words.trim() ? <Results words={words.trim()} /> : <Groups />}
    </Stack>
  );
}

function Results({ words }: { words: string }) {
  const texts = usePageTexts(helpTexts);
  const [searched] = useDebouncedValue(words, 200);
  const results = useQuery({ queryKey: ['help', searched], queryFn: () => searchHelp(searched) });
  return (
    <Loaded query={results}>
      {(found) => (
        <>
          <Text size="sm" c="dimmed" role="status">
            {found.length > 0 ? texts.found(found.length) : texts.nothing}
          </Text>
          <PageList pages={found.slice(0, MOST_RESULTS)} />
        </>
      )}
    </Loaded>
  );
}

function Groups() {
  const { groups } = usePageTexts(helpTexts);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      {Object.entries(groups).map(([group, label]) => (
        <section key={group}>
          <Title order={2} size="h4" mb="xs">
            {label}
          </Title>
          <PageList
            pages={pages
              .filter((one) => one.group === group)
              .map(({ page, title }) => ({ to: `/help/${page}`, title }))}
          />
        </section>
      ))}
    </SimpleGrid>
  );
}

type Listed = { readonly to: string; readonly title: string; readonly page?: string };

const PageList = ({ pages: listed }: { pages: readonly Listed[] }) => (
  <List listStyleType="none" spacing={4} lang="en">
    {listed.map(({ to, title, page = title }) => (
      <List.Item key={to}>
        <Anchor component={Link} to={to}>
          {title}
        </Anchor>
        {page !== title && (
          <Text span size="sm" c="dimmed" ml="xs">
            {page}
          </Text>
        )}
      </List.Item>
    ))}
  </List>
);
