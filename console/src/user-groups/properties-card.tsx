import { Button, Group, Switch, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Problem } from '../common/problem';
import { useUnsavedChanges } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { usePageTexts, useTexts } from '../texts/texts';
import { userGroupTexts } from './texts';
import { type GroupChange, type UserGroup, useGroupActions } from './use-user-groups';

export function PropertiesCard({ group, mayManage }: { group: UserGroup; mayManage: boolean }) {
  const { common } = useTexts();
  const texts = usePageTexts(userGroupTexts);
  const { update } = useGroupActions(group.id);
  const saved = useSaved();
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description);
  const [provider, setProvider] = useState(group.idp_group_name ?? '');
  const [isSynced, setIsSynced] = useState(group.idp_sync_enabled);
  const [isRequestable, setIsRequestable] = useState(group.requestable ?? false);
  const mapped = provider.trim();
  const change = {
    name: name.trim(),
    description: description.trim(),
    idp_group_name: mapped || null,
    idp_sync_enabled: isSynced && mapped !== '',
    requestable: isRequestable,
  };
  useUnsavedChanges(isChange(change, group));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    update.mutate(change, { onSuccess: () => saved({ text: texts.saved }) });
  };
  return (
    <form onSubmit={submit}>
      <SettingsCard title={texts.properties} text={texts.propertiesText} help="groupSynchronization">
        {update.error && <Problem error={update.error} />}
        <TextInput
          label={texts.name}
          required
          withAsterisk={false}
          maxLength={255}
          disabled={!mayManage}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={texts.description}
          disabled={!mayManage}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <TextInput
          label={texts.provider}
          description={texts.providerHint}
          maxLength={255}
          disabled={!mayManage}
          value={provider}
          onChange={(event) => setProvider(event.currentTarget.value)}
        />
        <Switch
          label={texts.sync}
          description={texts.syncText}
          disabled={!mayManage || provider.trim() === ''}
          checked={isSynced && provider.trim() !== ''}
          onChange={(event) => setIsSynced(event.currentTarget.checked)}
        />
        <RequestableSwitch checked={isRequestable} disabled={!mayManage} onToggle={setIsRequestable} />
        {mayManage && (
          <Group>
            <Button type="submit" loading={update.isPending} disabled={name.trim() === ''}>
              {common.save}
            </Button>
          </Group>
        )}
      </SettingsCard>
    </form>
  );
}

const isChange = (change: GroupChange, group: UserGroup): boolean =>
  Object.entries(change).some(
    ([name, value]) => (group[name as keyof GroupChange] || null) !== (value || null),
  );

type SwitchProps = {
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onToggle: (isOn: boolean) => void;
};

function RequestableSwitch({ onToggle, ...props }: SwitchProps) {
  const texts = usePageTexts(userGroupTexts);
  return (
    <Switch
      label={texts.requestable}
      description={texts.requestableText}
      onChange={(event) => onToggle(event.currentTarget.checked)}
      {...props}
    />
  );
}
