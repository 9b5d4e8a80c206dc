import { Checkbox } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import type { Saved } from '../../saved/saved';
import { usePageTexts } from '../../texts/texts';
import { BulkDialog, type BulkDialogProps } from './bulk-dialog';
import type { Person } from './people';
import { bulkTexts } from './texts';

type Props<Row> = BulkDialogProps<Row> & {
  readonly text: string;
  readonly keys: readonly QueryKey[];
  readonly remove: (row: Row, revokeCreated: boolean) => Promise<unknown>;
  /** Whether keys that they created can be deleted, too. */
  readonly hasKeys?: boolean;
  /** Adds or invites them again. */
  readonly again: (done: readonly Row[]) => Saved['next'];
};

export function RemoveDialog<Row extends Person>({ remove, hasKeys, again, ...props }: Props<Row>) {
  const texts = usePageTexts(bulkTexts);
  const [deletesKeys, setDeletesKeys] = useState(false);
  return (
    <BulkDialog
      {...props}
      isDangerous
      title={texts.removeTitle(props.rows.length)}
      action={texts.remove}
      run={(row) => remove(row, deletesKeys)}
      doneText={(done) => texts.removed(done.length)}
      next={again}
    >
      {hasKeys && (
        <Checkbox
          label={texts.deleteKeys}
          checked={deletesKeys}
          onChange={({ currentTarget }) => setDeletesKeys(currentTarget.checked)}
        />
      )}
    </BulkDialog>
  );
}
