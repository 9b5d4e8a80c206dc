import { Text } from '@mantine/core';
import { useState } from 'react';
import { ActiveList } from '../members/active-list';
import { useListView } from '../members/use-list-view';
import { useOrganizationRoles } from '../members/use-members';
import { useMay } from '../shell/use-organization';
import { useTexts } from '../texts/texts';
import { AccessDialog } from './access-dialog';
import { useOrganizationMemberActions, useOrganizationMembers } from './use-organization-members';

export function MembersTable() {
  const { organizationMembers } = useTexts();
  const [view, setView] = useListView();
  const list = useOrganizationMembers(view);
  const { changeRole, remove } = useOrganizationMemberActions();
  const { data: roles = [] } = useOrganizationRoles();
  const [explainedId, setExplainedId] = useState<string | null>(null);
  return (
    <>
      <ActiveList
        shown={{ view, setView, list }}
        emptyText={organizationMembers.none}
        roles={roles}
        roleWidth="clamp(130px, 25%, 220px)"
        mayManage={useMay('organization:manage')}
        column={{
          label: organizationMembers.workspaces,
          field: null,
          visibleFrom: 'md',
          width: 120,
          cell: ({ tenant_ids: ids }) => <Text size="sm">{ids?.length ?? 0}</Text>,
        }}
        changeRole={changeRole}
        removal={{
          change: remove,
          action: organizationMembers.remove,
          text: organizationMembers.removeText,
          doneText: organizationMembers.removed,
        }}
        moreActions={({ id }) => [{ label: organizationMembers.explain, run: () => setExplainedId(id) }]}
      />
      {explainedId && <AccessDialog identityId={explainedId} onClose={() => setExplainedId(null)} />}
    </>
  );
}
