import { Code, Group, Stack, Text } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { CopyText } from '../common/copy-text';
import { BulkDialog, type BulkDialogProps } from '../members/bulk/bulk-dialog';
import { useCreateLink } from '../passwords/use-password-links';
import { usePageTexts } from '../texts/texts';
import { withoutMailTexts } from './texts';

/** A pending invitation. */
type Invited = { readonly id: string; readonly email: string };

const MOST_LINKS = 100;

type Props<Row> = BulkDialogProps<Row> & { readonly keys: readonly QueryKey[] };

/** Creates links one by one and shows them once, as lines to copy. */
export function PasswordLinksDialog<Row extends Invited>({ rows, onDone, ...props }: Props<Row>) {
  const texts = usePageTexts(withoutMailTexts);
  const { mutateAsync: create } = useCreateLink('invitation');
  const lines = useRef<string[]>([]);
  const createFor = async ({ id, email }: Row) => {
    const { url } = await create(id);
    lines.current.push(`${email}\t${url}`);
  };
  const [chosen, others] = [rows.slice(0, MOST_LINKS), rows.slice(MOST_LINKS)];
  return (
    <BulkDialog
      {...props}
      rows={chosen}
      title={texts.title(chosen.length)}
      text={texts.question}
      action={texts.create}
      run={createFor}
      onDone={(rest) => onDone([...rest, ...others])}
      doneText={({ length }) => texts.created(length)}
      resultOf={() => <Links lines={lines.current} />}
    >
      <Text size="sm">{texts.consequences}</Text>
      {others.length > 0 && <Text size="sm">{texts.tooMany(MOST_LINKS)}</Text>}
    </BulkDialog>
  );
}

function Links({ lines }: { lines: readonly string[] }) {
  const texts = usePageTexts(withoutMailTexts);
  if (lines.length === 0) return null;
  return (
    <Stack gap="xs">
      <Text size="sm">{texts.shownOnce}</Text>
      <Code block mah="40vh" tabIndex={0} role="region" aria-label={texts.links}>
        {lines.join('\n')}
      </Code>
      <Group>
        <CopyText value={lines.join('\n')} />
      </Group>
    </Stack>
  );
}
