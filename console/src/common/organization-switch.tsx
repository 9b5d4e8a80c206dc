import { Switch, Text } from '@mantine/core';
import { Problem } from './problem';
import { useSaved } from '../saved/saved';
import { useUndo } from '../saved/use-undo';
import {
  CHANGED,
  organizationApi,
  type OrganizationInfo,
  useMay,
  useOrganization,
  useUpdateOrganization,
} from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { type PageTexts, usePageTexts } from '../texts/texts';

const en = {
  state: (label: string, isOn: boolean) => `${label}: ${isOn ? 'on' : 'off'}`,
  saved: (label: string, isOn: boolean) => `“${label}” is ${isOn ? 'on' : 'off'}.`,
  undone: (label: string, isOn: boolean) => `“${label}” is ${isOn ? 'on' : 'off'} again.`,
};
const de: typeof en = {
  state: (label, isOn) => `${label}: ${isOn ? 'an' : 'aus'}`,
  saved: (label, isOn) => `„${label}“ ist ${isOn ? 'an' : 'aus'}.`,
  undone: (label, isOn) => `„${label}“ ist wieder ${isOn ? 'an' : 'aus'}.`,
};
const switchTexts: PageTexts<typeof en> = { en, de };

type Name =
  | 'invites_enabled'
  | 'workspace_admin_can_invite_to_org'
  | 'jit_provisioning_enabled'
  | 'pat_creation_disabled'
  | 'api_key_creation_from_api_keys_enabled';

/** As published. */
const OFF_BY_DEFAULT: readonly Name[] = ['workspace_admin_can_invite_to_org', 'pat_creation_disabled'];

type Props = {
  name: Name;
  label: string;
  description: string;
  /** What holds instead of the stored value; then the switch cannot be moved. */
  fixed?: boolean | null;
};

const valueOf = (organization: OrganizationInfo, name: Name): boolean =>
  organization[name] ?? !OFF_BY_DEFAULT.includes(name);

/** A switch of the organization that is saved at once; a text for those who may not change it. */
export function OrganizationSwitch({ name, label, description, fixed = null }: Props) {
  const texts = usePageTexts(switchTexts);
  const { orgId } = usePlace();
  const { data: organization } = useOrganization();
  const mayManage = useMay('organization:manage');
  const update = useUpdateOrganization();
  const saved = useSaved();
  const undo = useUndo(...CHANGED);
  if (!organization) return null;
  const isOn = fixed ?? valueOf(organization, name);
  if (!mayManage)
    return (
      <div>
        <Text size="sm">{texts.state(label, isOn)}</Text>
        {isOn && (
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        )}
      </div>
    );
  const api = organizationApi(orgId);
  const set = (after: boolean) => {
    const next = undo({
      before: !after,
      after,
      read: async () => valueOf(await api.read(), name),
      write: (value) => api.update({ [name]: value }),
      doneText: texts.undone(label, !after),
    });
    update.mutate({ [name]: after }, { onSuccess: () => saved({ text: texts.saved(label, after), next }) });
  };
  return (
    <>
      {update.error && <Problem error={update.error} />}
      <Switch
        label={label}
        description={description}
        checked={isOn}
        disabled={fixed !== null || update.isPending}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    </>
  );
}
