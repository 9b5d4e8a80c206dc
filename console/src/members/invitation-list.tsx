import { Stack } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useRoleEnd } from '../access-ends/role-end-dialog';
import type { EndRequests } from '../access-ends/role-until';
import { endTexts } from '../access-ends/texts';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Problem } from '../common/problem';
import { hasMailServer } from '../page/page-settings';
import { type Saved, useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { withoutMailTexts } from './without-mail/texts';
import { useRenewed } from './without-mail/way-in';
import type { BulkAction } from './bulk/selection-bar';
import type { CsvColumn } from '../files/csv';
import { exportTexts } from './export/texts';
import { type Option, usePendingFilters } from './filters/use-filters';
import { MemberTable } from './table/member-table';
import type { Column } from './table/table-head';
import { PersonCell } from '../people/person-cell';
import { type RowAction, RowMenu } from '../common/row-menu';
import type { ShownList } from './list/use-member-list';
import type { Listed } from './list/listed';
import type { Role } from '../roles/role-list';

/** A person who is invited to a workspace or to an organization. */
export type Invitation = Listed & {
  readonly full_name?: string | null;
  readonly email: string;
  readonly is_expired?: boolean;
  readonly created_at?: string;
  readonly expires_at?: string | null;
  /** Of what they are invited to. */
  readonly access_expires_at?: string | null;
};

type Props<Row> = {
  readonly shown: ShownList<Row>;
  readonly emptyText: string;
  readonly roles: readonly Role[];
  readonly mayManage: boolean;
  /** What they are invited to. */
  readonly place: string;
  /** Stand between the person and the actions. */
  readonly columns: readonly Column<Row>[];
  readonly resend: UseMutationResult<{ mail?: string | null }, Error, Listed>;
  readonly revoke: UseMutationResult<unknown, Error, Listed>;
  /** Sends a revoked invitation again. */
  readonly again: (person: Row) => Saved['next'];
  /** The last problem of what else the caller does. */
  readonly error: Error | null;
  readonly bulk: readonly BulkAction<Row>[];
  /** The role that the list shows. */
  readonly roleOf: (person: Row) => string | null | undefined;
  readonly roleIdOf: (person: Row) => string | null | undefined;
  readonly ends: EndRequests;
  readonly moreStates?: readonly Option[];
  readonly moreActions?: (person: Row) => readonly RowAction[];
};

const NONE: readonly never[] = [];

export const nameOfInvited = ({ full_name: name, email }: Invitation) => name || email;

/** Open invitations, which can be sent again and revoked. */
export function InvitationList<Row extends Invitation>(props: Props<Row>) {
  const { shown, emptyText, mayManage, place, columns, resend, revoke } = props;
  const { common, members } = useTexts();
  const saved = useSaved();
  const roleEnd = useRoleEnd({ roles: props.roles, requests: props.ends, canReturn: false });
  const [revoking, setRevoking] = useState<Row | null>(null);
  const error = props.error ?? resend.error;
  const renewed = useRenewed();
  const { renew } = usePageTexts(withoutMailTexts);
  const sendAgain = (person: Row) =>
    resend.mutate(person, {
      onSuccess: ({ mail }) =>
        saved(mail === 'queued' ? { text: members.resent(person.email) } : renewed(nameOfInvited(person))),
    });
  const actionsOf = (person: Row) => [
    ...(props.moreActions?.(person) ?? []),
    roleEnd.actionFor({ ...person, role_id: props.roleIdOf(person) ?? null }, nameOfInvited(person)),
    { label: hasMailServer ? members.resend : renew, run: () => sendAgain(person) },
    { label: members.revoke, isDangerous: true, run: () => setRevoking(person) },
  ];
  const person: Column<Row> = {
    label: members.email,
    field: 'email',
    cell: ({ full_name: name, email, is_expired: isExpired }) => (
      <PersonCell name={name} email={email} badge={isExpired ? members.expired : undefined} />
    ),
  };
  const actions: Column<Row> = {
    label: common.actionsColumn,
    field: null,
    width: 52,
    isUnseen: true,
    cell: (row) => <RowMenu who={nameOfInvited(row)} actions={mayManage ? actionsOf(row) : []} />,
  };
  return (
    <Stack gap="sm">
      {error && <Problem error={error} />}
      <MemberTable
        caption={members.pending}
        columns={[person, ...columns, actions]}
        filters={usePendingFilters(props.roles, props.moreStates ?? NONE)}
        shown={shown}
        emptyText={emptyText}
        actions={mayManage ? props.bulk : NONE}
        csv={useCsv(props.roleOf)}
      />
      {roleEnd.dialog}
      {revoking && (
        <ConfirmDialog
          title={members.revokeTitle(nameOfInvited(revoking))}
          text={members.revokeText(place)}
          action={members.revoke}
          change={revoke}
          input={revoking}
          onDone={() =>
            saved({ text: members.revoked(nameOfInvited(revoking)), next: props.again(revoking) })
          }
          onClose={() => setRevoking(null)}
        />
      )}
    </Stack>
  );
}

function useCsv<Row extends Invitation>(roleOf: Props<Row>['roleOf']): CsvColumn<Row>[] {
  const { members } = useTexts();
  const ends = usePageTexts(endTexts);
  const texts = usePageTexts(exportTexts);
  return [
    { label: members.name, value: ({ full_name: name }) => name },
    { label: members.email, value: ({ email }) => email },
    { label: members.role, value: roleOf },
    {
      label: texts.state,
      value: ({ is_expired: isExpired }) => (isExpired ? members.expired : texts.open),
    },
    { label: members.invitedAt, value: ({ created_at: invitedAt }) => invitedAt },
    { label: members.expires, value: ({ expires_at: end }) => end },
    { label: ends.label, value: ({ access_expires_at: end }) => end },
  ];
}
