import { Badge, Button, Group, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { RowMenu } from '../common/row-menu';
import { SettingsCard } from '../common/settings-card';
import { useMay } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { useWorkspaceName } from './names';
import { userGroupTexts } from './texts';
import {
  type GroupPolicy,
  useAccessPolicies,
  useGroupPolicies,
  usePolicyActions,
} from './use-group-policies';
import { type UserGroup, useGrants } from './use-user-groups';

const EVERY = '';

/** The access policies that count for members of a group, in all of its workspaces or in one. */
export function PoliciesCard({ group }: { group: UserGroup }) {
  const texts = usePageTexts(userGroupTexts);
  const attached = useGroupPolicies(group.id);
  const isManager = useMay('organization:user-groups:manage-policies');
  const mayManage = isManager || !!group.workspace_id; // in a workspace, the server knows the rights there
  const { detach } = usePolicyActions(group.id);
  const [leaving, setLeaving] = useState<GroupPolicy | null>(null);
  const columns = useColumns(group, mayManage ? setLeaving : null);
  return (
    <SettingsCard title={texts.policies} text={texts.policiesText} help="accessPolicies">
      <Loaded query={attached}>
        {(all) => (
          <SimpleTable
            caption={texts.policies}
            columns={columns}
            rows={all}
            keyOf={({ id, workspace_id: workspaceId }) => `${id} ${workspaceId}`}
            emptyText={texts.noPolicies}
          />
        )}
      </Loaded>
      <MoreButton list={attached} />
      {mayManage && <NewPolicy group={group} />}
      {leaving && (
        <ConfirmDialog
          title={texts.detachTitle(leaving.name)}
          text={texts.detachText}
          action={texts.detach}
          change={detach}
          input={leaving}
          onClose={() => setLeaving(null)}
        />
      )}
    </SettingsCard>
  );
}

function useColumns(
  group: UserGroup,
  detach: ((policy: GroupPolicy) => void) | null,
): SimpleColumn<GroupPolicy>[] {
  const { common } = useTexts();
  const texts = usePageTexts(userGroupTexts);
  const workspaceName = useWorkspaceName();
  return [
    {
      label: texts.name,
      cell: ({ name, description, effect }) => (
        <>
          <Group gap="xs">
            <Text size="sm" fw={500}>
              {name}
            </Text>
            <Badge variant="light" tt="none" color={effect === 'deny' ? 'red' : 'green'}>
              {effect === 'deny' ? texts.denies : texts.allows}
            </Badge>
          </Group>
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        </>
      ),
    },
    {
      label: texts.workspace,
      cell: ({ workspace_id: id }) => (
        <Text size="sm">{id ? workspaceName(id) : group.workspace_id ? '–' : texts.everyWorkspace}</Text>
      ),
    },
    {
      label: common.actionsColumn,
      width: 52,
      isUnseen: true,
      cell: (policy) => (
        <RowMenu
          who={policy.name}
          actions={detach ? [{ label: texts.detach, isDangerous: true, run: () => detach(policy) }] : []}
        />
      ),
    },
  ];
}

/** A group of one workspace has its policies there; another has them in all of its workspaces or in one. */
function NewPolicy({ group }: { group: UserGroup }) {
  const texts = usePageTexts(userGroupTexts);
  const workspaceName = useWorkspaceName();
  const { data: policies = [] } = useAccessPolicies();
  const { data: grants = [] } = useGrants(group.id, !group.workspace_id);
  const saved = useSaved();
  const { attach } = usePolicyActions(group.id);
  const [chosen, setChosen] = useState({ policyId: '', workspaceId: EVERY });
  const policyId = chosen.policyId || (policies[0]?.id ?? '');
  if (policies.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {texts.noneToAttach}
      </Text>
    );
  return (
    <>
      {attach.error && <Problem error={attach.error} />}
      <Group align="flex-end">
        <NativeSelect
          label={texts.policy}
          data={policies.map(({ id = '', name: label = '' }) => ({ value: id, label }))}
          value={policyId}
          onChange={(event) => setChosen({ ...chosen, policyId: event.currentTarget.value })}
        />
        {!group.workspace_id && (
          <NativeSelect
            label={texts.appliesIn}
            data={[
              { value: EVERY, label: texts.everyWorkspace },
              ...grants.map(({ workspace_id: id }) => ({ value: id, label: workspaceName(id) })),
            ]}
            value={chosen.workspaceId}
            onChange={(event) => setChosen({ ...chosen, workspaceId: event.currentTarget.value })}
          />
        )}
        <Button
          variant="default"
          loading={attach.isPending}
          onClick={() =>
            attach.mutate(
              { access_policy_id: policyId, workspace_id: chosen.workspaceId || null },
              { onSuccess: () => saved({}) },
            )
          }
        >
          {texts.attach}
        </Button>
      </Group>
    </>
  );
}
