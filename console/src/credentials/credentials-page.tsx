import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { TabHead } from '../common/page-tabs';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { CredentialTable } from './credential-table';
import { FilterForm } from './filter-form';
import { RevokeDialog } from './revoke-dialog';
import { credentialTexts } from './texts';
import { type Credential, type Selection, useCredentials } from './use-credentials';
import { type Filter, isFiltering, NO_FILTER, toQuery, useFilter } from './use-filter';

/** The keys and tokens of the organization that are valid, whoever owns them. */
export function CredentialsPage() {
  const texts = usePageTexts(credentialTexts);
  const isAdmin = useIsOrganizationAdmin();
  const { filter, setFilter } = useFilter();
  const list = useCredentials(filter);
  return (
    <Stack gap="lg">
      <TabHead text={texts.text} />
      {!isAdmin && <Text size="sm">{texts.forAdmins}</Text>}
      <FilterForm filter={filter} onChange={setFilter} />
      <Loaded query={list}>
        {({ pages }) => {
          const credentials = pages.flatMap(({ items }) => items);
          return credentials.length > 0 ? (
            <Stack gap="sm">
              <Credentials key={JSON.stringify(filter)} credentials={credentials} filter={filter} />
              <MoreButton list={list} />
            </Stack>
          ) : (
            <Nothing filter={filter} onChange={setFilter} />
          );
        }}
      </Loaded>
    </Stack>
  );
}

/** Another filter begins without a selection. */
function Credentials({ credentials, filter }: { credentials: readonly Credential[]; filter: Filter }) {
  const texts = usePageTexts(credentialTexts);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, ask] = useState<Selection | null>(null);
  const shown = credentials.map(({ id }) => id);
  const ids = shown.filter((id) => chosen.has(id)); // without those that have ended
  const select = (changed: readonly string[], isSelected: boolean) => {
    const next = new Set(ids);
    for (const id of changed)
      if (isSelected) next.add(id);
      else next.delete(id);
    setChosen(next);
  };
  return (
    <>
      <Group gap="md" mih={30}>
        <Checkbox
          label={texts.selectShown}
          checked={ids.length === shown.length}
          indeterminate={ids.length > 0 && ids.length < shown.length}
          onChange={(event) => select(shown, event.currentTarget.checked)}
        />
        <Text size="sm" fw={500} role="status">
          {ids.length > 0 && texts.selected(ids.length)}
        </Text>
        {ids.length > 0 && (
          <Button color="red.9" size="compact-sm" onClick={() => ask({ ids })}>
            {texts.revokeSelected}
          </Button>
        )}
        {isFiltering(filter) && ids.length === 0 && (
          <Button variant="default" size="compact-sm" onClick={() => ask({ filter: toQuery(filter) })}>
            {texts.revokeMatching}
          </Button>
        )}
      </Group>
      <CredentialTable
        credentials={credentials}
        selected={chosen}
        onSelect={select}
        onRevoke={({ id }) => ask({ ids: [id] })}
      />
      {asked && (
        <RevokeDialog selection={asked} onDone={() => setChosen(new Set())} onClose={() => ask(null)} />
      )}
    </>
  );
}

function Nothing({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }) {
  const texts = usePageTexts(credentialTexts);
  const isFiltered = isFiltering(filter);
  return (
    <Stack align="center" py="xl">
      <Text c="dimmed" ta="center">
        {isFiltered ? texts.noneMatch : texts.none}
      </Text>
      {isFiltered && (
        <Button variant="default" onClick={() => onChange(NO_FILTER)}>
          {texts.removeFilters}
        </Button>
      )}
    </Stack>
  );
}
