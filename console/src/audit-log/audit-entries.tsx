import { Skeleton, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { Problem } from '../common/problem';
import { usePageTexts } from '../texts/texts';
import { EntryDrawer } from './entry-drawer';
import { EntryTable } from './entry-table';
import { namesNeededBy, useNames } from './names';
import type { People } from './targets';
import { auditTexts } from './texts';
import { useAuditLog } from './use-audit-log';
import type { Entry } from './targets';
import type { Shown } from './use-filter';

type Props = {
  readonly caption: string;
  /** Null while what to read is not known. */
  readonly shown: Shown | null;
  readonly empty: ReactNode;
  readonly hidden?: 'who' | 'target';
};

const ROWS = Array.from({ length: 8 }, (_, index) => index);

/** The entries that filters select, with older ones on request; also for pages of other features. */
export function AuditEntries({ shown, ...props }: Props) {
  const texts = usePageTexts(auditTexts);
  const log = useAuditLog(shown);
  if (log.isPending)
    return (
      <Stack aria-busy>
        {ROWS.map((row) => (
          <Skeleton key={row} h={36} />
        ))}
      </Stack>
    );
  return (
    <>
      <Loaded query={log}>
        {({ pages }) => (
          <Entries
            {...props}
            shown={shown}
            entries={pages.flatMap(({ entries }) => entries)}
            people={new Map(pages.flatMap(({ people }) => [...people]))}
          />
        )}
      </Loaded>
      {log.data && log.error && <Problem error={log.error} onRetry={log.fetchNextPage} />}
      <MoreButton label={texts.older} list={log} />
    </>
  );
}

type EntriesProps = Props & {
  entries: readonly Entry[];
  people: People;
};

function Entries({ caption, empty, hidden, shown, entries, people }: EntriesProps) {
  const [opened, setOpened] = useState<Entry | null>(null);
  const { nameOf } = useNames(namesNeededBy(entries), shown?.now);
  const naming = { people, nameOf, wanted: shown?.targetIds ?? null };
  if (entries.length === 0) return empty;
  return (
    <>
      <EntryTable {...{ caption, entries, naming, hidden }} onOpen={setOpened} />
      {opened && <EntryDrawer entry={opened} naming={naming} onClose={() => setOpened(null)} />}
    </>
  );
}
