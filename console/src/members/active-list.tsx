import { Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { EndNote } from '../access-ends/end-note';
import { useRoleEnd } from '../access-ends/role-end-dialog';
import type { EndRequests, MemberWithEnd } from '../access-ends/role-until';
import { endTexts } from '../access-ends/texts';
import { pageUser } from '../api/page-user';
import { Problem } from '../common/problem';
import { type Saved, useSaved } from '../saved/saved';
import { useMay } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { useDates, usePageTexts, useTexts } from '../texts/texts';
import type { BulkAction } from './bulk/selection-bar';
import type { CsvColumn } from '../files/csv';
import { exportTexts } from './export/texts';
import { useActiveFilters } from './filters/use-filters';
import { MemberTable } from './table/member-table';
import type { Column } from './table/table-head';
import { PersonCell } from '../people/person-cell';
import { RoleSelect } from '../roles/role-select';
import { type RowAction, RowMenu } from '../common/row-menu';
import type { ShownList } from './list/use-member-list';
import type { NewRole } from './list/listed';
import type { Role } from '../roles/role-list';

/** A member of a workspace or of an organization, with the role there. */
type ActiveMember = MemberWithEnd & {
  readonly user_id?: string | null;
  readonly full_name?: string | null;
  readonly email?: string | null;
  readonly is_disabled?: boolean;
  readonly role_name?: string | null;
  readonly created_at: string;
};

/** What a dialog about a member needs; `who` is shown. */
export type MemberDialogProps<Member> = {
  readonly member: Member;
  readonly who: string;
  /** Says it, with `next` unless that would not bring everything back. */
  readonly onDone: (options?: { isFinal: boolean }) => void;
  readonly onClose: () => void;
};

type Props<Member> = {
  readonly shown: ShownList<Member>;
  readonly emptyText: string;
  readonly roles: readonly Role[];
  readonly mayManage: boolean;
  /** Stands between the role and the date. */
  readonly column: Column<Member>;
  readonly roleWidth: number;
  readonly changeRole: UseMutationResult<unknown, Error, NewRole>;
  readonly ends: EndRequests;
  /** Gives them the role that they had before. */
  readonly undoRole: (member: Member, written: string, doneText: string) => Saved['next'];
  readonly removal: {
    readonly action: string;
    readonly doneText: (who: string) => string;
    readonly again: (member: Member) => Saved['next'];
    readonly dialog: (props: MemberDialogProps<Member>) => ReactNode;
  };
  /** Asks before a role is changed; null if this change is made at once. */
  readonly roleDialog?: (props: MemberDialogProps<Member>, role: Role) => ReactNode | null;
  readonly moreActions?: (member: Member) => readonly RowAction[];
  readonly bulk: readonly BulkAction<Member>[];
  /** Of what `column` shows. */
  readonly csv: CsvColumn<Member>;
};

/** The dialog that is open: about a role, or the removal. It is rendered with each change of its request. */
type Asked<Member> = { readonly dialog: MemberDialogProps<Member>; readonly role: Role | null };

const NONE: readonly never[] = [];

const nameOf = ({ full_name: name, email }: ActiveMember) => name || email || '';

/** Active members, whose role can be changed and who can be removed. */
export function ActiveList<Member extends ActiveMember>(props: Props<Member>) {
  const { shown, emptyText, roles, mayManage, changeRole, removal } = props;
  const { members } = useTexts();
  const roleEnd = useRoleEnd({ roles, requests: props.ends });
  const [asked, setAsked] = useState<Asked<Member> | null>(null);
  const saved = useSaved();
  const about = (member: Member, { text, next }: Saved): MemberDialogProps<Member> => ({
    member,
    who: nameOf(member),
    onDone: ({ isFinal } = { isFinal: false }) => saved({ text, next: isFinal ? undefined : next }),
    onClose: () => setAsked(null),
  });
  const setRole = (member: Member, roleId: string) => {
    const role = roles.find(({ id }) => id === roleId);
    const roleText = (name?: string | null) => members.roleChanged(nameOf(member), name ?? '');
    const before = roles.find(({ id }) => id === member.role_id)?.display_name ?? member.role_name;
    const done = {
      text: roleText(role?.display_name),
      next: props.undoRole(member, roleId, roleText(before)),
    };
    const dialog = about(member, done);
    if (role && props.roleDialog?.(dialog, role)) setAsked({ dialog, role });
    else changeRole.mutate({ id: member.id, roleId }, { onSuccess: () => saved(done) });
  };
  const remove = (member: Member) => {
    const done = { text: removal.doneText(nameOf(member)), next: removal.again(member) };
    setAsked({ dialog: about(member, done), role: null });
  };
  const actionsOf = (member: Member) => [
    ...(props.moreActions?.(member) ?? []),
    ...(mayManage && member.user_id !== pageUser() ? [roleEnd.actionFor(member, nameOf(member))] : []),
    ...(mayManage ? [{ label: removal.action, isDangerous: true, run: () => remove(member) }] : []),
  ];
  return (
    <Stack gap="sm">
      {changeRole.error && <Problem error={changeRole.error} />}
      <MemberTable
        caption={members.active}
        columns={useColumns(props, setRole, actionsOf)}
        filters={useActiveFilters(roles)}
        shown={shown}
        emptyText={emptyText}
        actions={mayManage ? props.bulk : NONE}
        csv={useCsv(props.csv)}
      />
      {asked && (asked.role ? props.roleDialog?.(asked.dialog, asked.role) : removal.dialog(asked.dialog))}
      {roleEnd.dialog}
    </Stack>
  );
}

function useColumns<Member extends ActiveMember>(
  { roles, mayManage, column, roleWidth }: Props<Member>,
  setRole: (member: Member, roleId: string) => void,
  actionsOf: (member: Member) => RowAction[],
): Column<Member>[] {
  const { common, members } = useTexts();
  const { orgId } = usePlace();
  const hasPages = useMay('organization:manage');
  const date = useDates();
  return [
    {
      label: members.name,
      field: 'name',
      cell: ({ id, full_name: name, email, is_disabled: isDisabled }) => (
        <PersonCell
          name={name}
          email={email ?? ''}
          badge={isDisabled ? members.disabled : undefined}
          to={hasPages ? `/organizations/${orgId}/settings/members/${id}` : undefined}
        />
      ),
    },
    {
      label: members.role,
      field: 'role',
      width: roleWidth,
      isBelowOnPhone: true,
      cell: (member) => (
        <Stack gap={4}>
          <RoleSelect
            label={members.changeRole(nameOf(member))}
            roles={roles}
            roleId={member.role_id}
            roleName={member.role_name}
            isFixed={!mayManage}
            onChange={(roleId) => setRole(member, roleId)}
          />
          <EndNote
            end={member.access_expires_at}
            next={roles.find(({ id }) => id === member.reverts_to_role_id)?.display_name}
          />
        </Stack>
      ),
    },
    column,
    {
      label: members.since,
      field: 'created_at',
      visibleFrom: 'sm',
      width: 150,
      cell: ({ created_at: since }) => <Text size="sm">{date(since)}</Text>,
    },
    {
      label: common.actionsColumn,
      field: null,
      width: 52,
      isUnseen: true,
      cell: (member) => <RowMenu who={nameOf(member)} actions={actionsOf(member)} />,
    },
  ];
}

function useCsv<Member extends ActiveMember>(own: CsvColumn<Member>): CsvColumn<Member>[] {
  const { members } = useTexts();
  const texts = usePageTexts(exportTexts);
  const ends = usePageTexts(endTexts);
  return [
    { label: members.name, value: ({ full_name: name }) => name },
    { label: members.email, value: ({ email }) => email },
    { label: members.role, value: ({ role_name: role }) => role },
    {
      label: texts.state,
      value: ({ is_disabled: isDisabled }) => (isDisabled ? members.disabled : texts.enabled),
    },
    { label: ends.label, value: ({ access_expires_at: end }) => end },
    own,
    { label: members.since, value: ({ created_at: since }) => since },
  ];
}
