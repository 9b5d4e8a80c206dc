import { Button, Group, MultiSelect, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { EndField, useEnd } from '../access-ends/end-field';
import { EndNote } from '../access-ends/end-note';
import { namedEnd } from '../access-ends/role-until';
import { endTexts } from '../access-ends/texts';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { personLabel, useFoundPeople } from '../people/find-people';
import { PersonCell } from '../people/person-cell';
import { SettingsCard } from '../common/settings-card';
import { useMay } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { userGroupTexts } from './texts';
import { type GroupMember, type UserGroup, useGroupActions, useGroupMembers } from './use-user-groups';

export function GroupMembersCard({ group }: { group: UserGroup }) {
  const texts = usePageTexts(userGroupTexts);
  const members = useGroupMembers(group.id);
  const isManager = useMay('organization:user-groups:manage-members');
  const mayManage = isManager || !!group.workspace_id; // in a workspace, the server knows the rights there
  const { removeMember } = useGroupActions(group.id);
  const saved = useSaved();
  const columns = useColumns(
    mayManage ? (member) => removeMember.mutate(member, { onSuccess: () => saved({}) }) : null,
  );
  return (
    <SettingsCard title={texts.members} text={texts.membersText} help="groupMembers">
      {mayManage && <NewMembers group={group} />}
      {removeMember.error && <Problem error={removeMember.error} />}
      <Loaded query={members}>
        {(all) => (
          <SimpleTable
            caption={texts.members}
            columns={columns}
            rows={all}
            keyOf={({ identity_id: id }) => id}
            emptyText={texts.noMembers}
          />
        )}
      </Loaded>
      <MoreButton list={members} />
    </SettingsCard>
  );
}

function useColumns(remove: ((member: GroupMember) => void) | null): SimpleColumn<GroupMember>[] {
  const { common, members } = useTexts();
  const texts = usePageTexts(userGroupTexts);
  const { orgId } = usePlace();
  const hasPages = useMay('organization:manage');
  return [
    {
      label: texts.name,
      cell: ({
        identity_id: id,
        full_name: name,
        email,
        is_disabled: isDisabled,
        access_expires_at: end,
      }) => (
        <>
          <PersonCell
            name={name}
            email={email ?? ''}
            badge={isDisabled ? members.disabled : undefined}
            to={hasPages ? `/organizations/${orgId}/settings/members/${id}` : undefined}
          />
          <EndNote end={end} />
        </>
      ),
    },
    {
      label: common.actionsColumn,
      width: 116,
      isUnseen: true,
      cell: (member) =>
        remove && (
          <Group justify="flex-end">
            <Button variant="subtle" color="red" size="compact-sm" onClick={() => remove(member)}>
              {texts.removeMember}
              <span className="visually-hidden"> {member.full_name || member.email}</span>
            </Button>
          </Group>
        ),
    },
  ];
}

/** People are found by the server; those who are chosen stay in the list of options. */
function NewMembers({ group }: { group: UserGroup }) {
  const texts = usePageTexts(userGroupTexts);
  const { keptEnds } = usePageTexts(endTexts);
  const { addMembers } = useGroupActions(group.id);
  const chosenEnd = useEnd();
  const { end } = chosenEnd;
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, 300);
  const { data: found = [] } = useFoundPeople(searched);
  const [chosen, setChosen] = useState<readonly { value: string; label: string }[]>([]);
  const others = found
    .map((person) => ({ value: person.id, label: personLabel(person) }))
    .filter(({ value }) => !chosen.some((one) => one.value === value));
  const options = [...chosen, ...others];
  const saved = useSaved();
  const results = addMembers.data?.items ?? [];
  const kept = results.filter(({ access_expires_at_applied: applied }) => applied === false).length;
  const failed = results.filter(({ status }) => status === 'FAILED').length;
  const add = () =>
    addMembers.mutate(
      { identity_ids: chosen.map(({ value }) => value), ...namedEnd(end) },
      {
        onSuccess: ({ items }) => {
          setChosen([]);
          chosenEnd.reset();
          const added = items.filter(({ status }) => status === 'CREATED').length;
          if (added > 0) saved({ text: texts.added(added) });
        },
      },
    );
  return (
    <>
      {addMembers.error && <Problem error={addMembers.error} />}
      {kept > 0 && (
        <Text size="sm" role="status">
          {keptEnds(kept)}
        </Text>
      )}
      {failed > 0 && <Problem error={new Error(texts.notAdded(failed))} />}
      <Group align="flex-start">
        <MultiSelect
          label={texts.find}
          style={{ flex: '1 1 280px' }}
          searchable
          hidePickedOptions
          nothingFoundMessage={texts.noPersonFound}
          filter={({ options: all }) => all}
          clearButtonProps={{ 'aria-label': texts.clear }}
          data={options}
          value={chosen.map(({ value }) => value)}
          onSearchChange={setTyped}
          onChange={(ids) => setChosen(options.filter(({ value }) => ids.includes(value)))}
        />
        <EndField {...chosenEnd} />
      </Group>
      <Group>
        <Button
          loading={addMembers.isPending}
          disabled={chosen.length === 0 || end === undefined}
          onClick={add}
        >
          {texts.add}
        </Button>
      </Group>
    </>
  );
}
