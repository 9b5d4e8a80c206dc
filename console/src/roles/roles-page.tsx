import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { RowMenu } from '../common/row-menu';
import { type Role, useAllRoles } from './role-list';
import { useMay } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { roleTexts } from './texts';
import { isCustom, useDeleteRole } from './use-roles';

/** The roles of the organization, then those that every organization has. */
export function RolesPage() {
  const texts = usePageTexts(roleTexts);
  const mayManage = useMay('organization:manage');
  return (
    <Stack gap="lg" maw={1000}>
      <PageHead
        title={texts.title}
        text={texts.text}
        action={
          mayManage && (
            <Button component={Link} to="new">
              {texts.create}
            </Button>
          )
        }
      />
      {!mayManage && <Text size="sm">{texts.mayNot}</Text>}
      <Loaded query={useAllRoles()}>{(roles) => <RoleLists roles={roles} mayManage={mayManage} />}</Loaded>
    </Stack>
  );
}

function RoleLists({ roles, mayManage }: { roles: readonly Role[]; mayManage: boolean }) {
  const texts = usePageTexts(roleTexts);
  const system = roles.filter((role) => !isCustom(role));
  const ofScope = (scope: string) => system.filter((role) => role.access_scope === scope);
  return (
    <>
      <RoleTable caption={texts.custom} roles={roles.filter(isCustom)} mayManage={mayManage} />
      <RoleTable caption={texts.systemWorkspace} roles={ofScope('workspace')} mayManage={mayManage} />
      <RoleTable caption={texts.systemOrganization} roles={ofScope('organization')} mayManage={mayManage} />
    </>
  );
}

type TableProps = { caption: string; roles: readonly Role[]; mayManage: boolean };

function RoleTable({ caption, roles, mayManage }: TableProps) {
  const texts = usePageTexts(roleTexts);
  const [leaving, setLeaving] = useState<Role | null>(null);
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {caption}
      </Title>
      <SimpleTable
        caption={caption}
        columns={useColumns(mayManage, setLeaving)}
        rows={roles}
        keyOf={({ id }) => id}
        emptyText={texts.noneCustom}
      />
      {leaving && <DeleteDialog role={leaving} onClose={() => setLeaving(null)} />}
    </Stack>
  );
}

function DeleteDialog({ role, onClose }: { role: Role; onClose: () => void }) {
  const texts = usePageTexts(roleTexts);
  return (
    <ConfirmDialog
      title={texts.removeTitle(role.display_name)}
      text={texts.removeText}
      action={texts.remove}
      change={useDeleteRole()}
      input={role}
      onClose={onClose}
    />
  );
}

function useColumns(mayManage: boolean, remove: (role: Role) => void): SimpleColumn<Role>[] {
  const { common } = useTexts();
  const texts = usePageTexts(roleTexts);
  return [
    {
      label: texts.name,
      cell: ({ id, name, display_name: label, description }) => (
        <>
          <Anchor component={Link} to={id} size="sm" fw={500}>
            {label}
          </Anchor>
          <Text size="xs" c="dimmed">
            {texts.systemRoles[name] ?? description}
          </Text>
        </>
      ),
    },
    {
      label: texts.permissions,
      width: 150,
      cell: ({ permissions }) => <Text size="sm">{permissions.length}</Text>,
    },
    {
      label: common.actionsColumn,
      width: 52,
      isUnseen: true,
      cell: (role) => (
        <RowMenu
          who={role.display_name}
          actions={
            mayManage && isCustom(role)
              ? [{ label: texts.remove, isDangerous: true, run: () => remove(role) }]
              : []
          }
        />
      ),
    },
  ];
}
