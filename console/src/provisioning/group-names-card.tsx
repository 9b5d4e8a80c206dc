import { Button, Group, NativeSelect, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { useOrganization, useUpdateOrganization } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { idleTexts } from './idle-texts';
import { provisioningTexts } from './texts';
import { type GroupsPreview, usePreviewGroups } from './use-scim';

const SEPARATORS = [':', '-', '_'];

/** Which roles groups would grant, asked of the server. */
export function GroupNamesCard() {
  const texts = usePageTexts(provisioningTexts);
  const separator = useOrganization().data?.scim_group_name_separator ?? ':';
  const update = useUpdateOrganization();
  const preview = usePreviewGroups();
  const saved = useSaved();
  const { orgId } = usePlace();
  const workspace = useWorkspaces(orgId).data?.[0]?.display_name ?? '';
  const example = `Organization User${separator}${workspace}${separator}Editor`;
  const [typed, setText] = useState<string | null>(null);
  const text = typed ?? example;
  const names = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const error = update.error ?? preview.error;
  return (
    <SettingsCard title={texts.groups} text={texts.groupsText(separator, example)} help="groupNames">
      {error && <Problem error={error} />}
      <NativeSelect
        label={texts.separator}
        maw={120}
        data={[...new Set([...SEPARATORS, separator])]}
        value={separator}
        disabled={update.isPending}
        onChange={(event) => {
          const change = { scim_group_name_separator: event.currentTarget.value };
          update.mutate(change, { onSuccess: () => saved({}) });
        }}
      />
      <Textarea
        label={texts.names}
        description={texts.namesHint}
        autosize
        minRows={2}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group>
        <Button
          variant="default"
          disabled={names.length === 0}
          loading={preview.isPending}
          onClick={() => preview.mutate(names)}
        >
          {texts.preview}
        </Button>
      </Group>
      {preview.data && <Preview preview={preview.data} />}
    </SettingsCard>
  );
}

function Preview({ preview: { groups, together } }: { preview: GroupsPreview }) {
  const texts = usePageTexts(provisioningTexts);
  const idle = usePageTexts(idleTexts);
  const inWorkspace = (role: string | null, workspace: string | null) =>
    role && workspace ? [texts.grantsWorkspace(role, workspace)] : [];
  const inOrganization = (role: string | null) => (role ? [texts.grantsRole(role)] : []);
  const all = [
    ...inOrganization(together.organization_role),
    ...together.workspaces.flatMap((one) => inWorkspace(one.workspace_role, one.workspace_name)),
  ];
  return (
    <Table layout="fixed" withTableBorder aria-label={texts.preview}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{texts.group}</Table.Th>
          <Table.Th>{texts.grants}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map(({ name, reason_code: reason, organization_role: role, ...place }) => (
          <Table.Tr key={name}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{name}</Table.Td>
            <Table.Td>
              <Grants
                all={[...inOrganization(role), ...inWorkspace(place.workspace_role, place.workspace_name)]}
              />
              {reason && (
                <Text size="xs" c="dimmed">
                  {idle[reason]}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
        {groups.length > 1 && (
          <Table.Tr>
            <Table.Th>{texts.together}</Table.Th>
            <Table.Td>
              <Grants all={all} />
            </Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}

function Grants({ all }: { all: readonly string[] }) {
  const texts = usePageTexts(provisioningTexts);
  return (
    <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
      {all.length > 0 ? all.join('\n') : texts.nothing}
    </Text>
  );
}
