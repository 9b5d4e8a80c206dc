import { Code, Group, Stack, Text } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { CopyText } from '../../common/copy-text';
import { BulkDialog, type BulkDialogProps } from '../bulk/bulk-dialog';
import { useCreateLink } from '../../passwords/use-password-links';
import { usePageTexts } from '../../texts/texts';
import { withoutMailTexts } from './texts';

/** A pending invitation. */
export type Invited = { readonly id: string; readonly email: string };

type Props<Row> = BulkDialogProps<Row> & { readonly keys: readonly QueryKey[] };

/** Creates links one by one and shows them once, as lines to copy. */
export function PasswordLinksDialog<Row extends Invited>({ rows, ...props }: Props<Row>) {
  const texts = usePageTexts(withoutMailTexts);
  const { mutateAsync: create } = useCreateLink('invitation');
  const lines = useRef<string[]>([]);
  const createFor = async ({ id, email }: Row) => {
    const { url } = await create(id);
    lines.current.push(`${email}\t${url}`);
  };
  return (
    <BulkDialog
      {...props}
      rows={rows}
      title={texts.title(rows.length)}
      text={texts.question}
      action={texts.create}
      run={createFor}
      doneText={({ length }) => texts.created(length)}
      resultOf={() => <Links lines={lines.current} />}
    >
      <Text size="sm">{texts.consequences}</Text>
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
