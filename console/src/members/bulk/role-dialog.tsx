import { NativeSelect } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import { temporaryRole } from '../../access-ends/role-until';
import { usePageTexts } from '../../texts/texts';
import type { NewRole } from '../list/listed';
import type { Role } from '../../roles/role-list';
import { BulkDialog, type BulkDialogProps, useBulkUndo } from './bulk-dialog';
import { NotDone } from './not-done';
import type { Person } from './people';
import { bulkTexts } from './texts';

/** How the roles of a list are read and changed. */
type RoleRequests<Row> = {
  readonly key: QueryKey;
  readonly changeRole: (change: NewRole) => Promise<unknown>;
  /** As it is now; undefined if the row has gone. */
  readonly readRole: (row: Row) => Promise<string | undefined>;
};

type Props<Row> = BulkDialogProps<Row> & {
  readonly text: string;
  readonly roles: readonly Role[];
  readonly roleIdOf: (row: Row) => string | null | undefined;
  readonly requests: RoleRequests<Row>;
};

export function RoleDialog<Row extends Person & Parameters<typeof temporaryRole>[0]>({
  text,
  roles,
  roleIdOf,
  requests,
  ...props
}: Props<Row>) {
  const texts = usePageTexts(bulkTexts);
  const [roleId, setRoleId] = useState('');
  const undo = useBulkUndo(requests.key);
  const role = roles.find(({ id }) => id === roleId);
  const putBack = async (row: Row) => {
    if ((await requests.readRole(row)) !== roleId) throw new NotDone(texts.changedMeanwhile);
    await requests.changeRole({ id: row.id, roleId: roleIdOf(row) ?? '', until: temporaryRole(row) });
  };
  return (
    <BulkDialog
      {...props}
      title={texts.roleTitle(props.rows.length)}
      text={text}
      action={texts.changeRole}
      run={role ? ({ id }) => requests.changeRole({ id, roleId }) : null}
      keys={[requests.key]}
      doneText={(done) => texts.roleDone(done.length, role?.display_name ?? '')}
      next={(done) => undo(done, putBack)}
    >
      <Choice label={texts.role} items={roles} value={roleId} onChange={setRoleId} />
    </BulkDialog>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly items: readonly { readonly id: string; readonly display_name: string }[];
  readonly value: string;
  readonly onChange: (id: string) => void;
};

export function Choice({ label, items, value, onChange }: ChoiceProps) {
  const { choose } = usePageTexts(bulkTexts);
  const options = items.map(({ id, display_name: name }) => ({ value: id, label: name }));
  return (
    <NativeSelect
      label={label}
      data={[{ value: '', label: choose }, ...options]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
