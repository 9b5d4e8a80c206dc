import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { SimpleTable } from '../common/simple-table';
import { PersonCell } from '../people/person-cell';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { useIsOrganizationAdmin, useOrganization } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { scimRolesTexts } from './texts';
import { type SwitchEffect, useSwitchEffects, useSwitchScimRoles } from './use-scim-roles';

/** Whether the identity provider gives roles to people directly. */
export function ScimRolesCard() {
  const texts = usePageTexts(scimRolesTexts);
  const isAdmin = useIsOrganizationAdmin();
  const areEnabled = useOrganization().data?.scim_roles_enabled ?? false;
  const [asked, ask] = useState<'on' | 'off' | null>(null); // stays while the organization is read again
  return (
    <SettingsCard title={texts.title} text={texts.text} help="scimRoles">
      <Text size="sm">{areEnabled ? texts.on : texts.off}</Text>
      {isAdmin ? (
        <Group>
          <Button variant="default" onClick={() => ask(areEnabled ? 'off' : 'on')}>
            {areEnabled ? texts.switchOff : texts.switchOn}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {texts.onlyAdmins}
        </Text>
      )}
      {asked && <SwitchDialog switchesOn={asked === 'on'} onClose={() => ask(null)} />}
    </SettingsCard>
  );
}

function SwitchDialog({ switchesOn, onClose }: { switchesOn: boolean; onClose: () => void }) {
  const texts = usePageTexts(scimRolesTexts);
  const saved = useSaved();
  return (
    <ConfirmDialog
      title={switchesOn ? texts.onTitle : texts.offTitle}
      text={switchesOn ? texts.onText : texts.offText}
      action={switchesOn ? texts.switchOn : texts.switchOff}
      isDangerous={!switchesOn}
      change={useSwitchScimRoles()}
      input={switchesOn}
      onDone={() => saved({ text: switchesOn ? texts.switchedOn : texts.switchedOff })}
      onClose={onClose}
    >
      <Effects switchesOn={switchesOn} />
    </ConfirmDialog>
  );
}

function Effects({ switchesOn }: { switchesOn: boolean }) {
  const texts = usePageTexts(scimRolesTexts);
  const effects = useSwitchEffects(switchesOn);
  const columns = [
    {
      label: texts.person,
      cell: ({ full_name: name, email }: SwitchEffect) => <PersonCell name={name} email={email} />,
    },
    { label: texts.change, cell: (effect: SwitchEffect) => <Changes effect={effect} /> },
  ];
  return (
    <Stack>
      <Loaded query={effects}>
        {({ pages }) => (
          <SimpleTable
            caption={texts.effects}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ id }) => id}
            emptyText={texts.unchanged}
          />
        )}
      </Loaded>
      <MoreButton list={effects} />
    </Stack>
  );
}

function Changes({ effect }: { effect: SwitchEffect }) {
  const texts = usePageTexts(scimRolesTexts);
  const { organization_role: role, workspace_roles: places, ignored_values: ignored } = effect;
  const inWorkspace = ({ from, to, workspace_name: workspace }: (typeof places)[number]) => {
    if (from && to) return texts.changes(from, to, workspace);
    return to ? texts.joins(to, workspace) : texts.leaves(from ?? '', workspace);
  };
  return (
    <>
      {role && (
        <Text size="sm" className="wrapped">
          {texts.organizationRole(role.from, role.to)}
        </Text>
      )}
      {places.map((place) => (
        <Text key={place.workspace_id} size="sm" className="wrapped">
          {inWorkspace(place)}
        </Text>
      ))}
      {ignored.map(({ value, reason }) => (
        <Text key={`${value} ${reason}`} size="xs" c="dimmed" className="wrapped">
          {texts.ignored(value, reason)}
        </Text>
      ))}
    </>
  );
}
