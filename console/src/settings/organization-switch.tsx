import { Switch } from '@mantine/core';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { useUndo } from '../saved/use-undo';
import {
  CHANGED,
  organizationApi,
  type OrganizationInfo,
  useMay,
  useOrganization,
  useUpdateOrganization,
} from '../shell/use-organization';
import { usePlace } from '../shell/use-workspaces';
import { type PageTexts, usePageTexts } from '../texts/texts';

const en = {
  saved: (label: string, isOn: boolean) => `“${label}” is ${isOn ? 'on' : 'off'}.`,
  undone: (label: string, isOn: boolean) => `“${label}” is ${isOn ? 'on' : 'off'} again.`,
};
const de: typeof en = {
  saved: (label, isOn) => `„${label}“ ist ${isOn ? 'an' : 'aus'}.`,
  undone: (label, isOn) => `„${label}“ ist wieder ${isOn ? 'an' : 'aus'}.`,
};
const switchTexts: PageTexts<typeof en> = { en, de };

type Name = 'invites_enabled' | 'workspace_admin_can_invite_to_org' | 'jit_provisioning_enabled';

type Props = {
  name: Name;
  label: string;
  description: string;
  /** What holds instead of the stored value; then the switch cannot be moved. */
  fixed?: boolean | null;
};

const valueOf = (organization: OrganizationInfo, name: Name): boolean =>
  organization[name] ?? name !== 'workspace_admin_can_invite_to_org';

/** A switch of the organization that is saved at once. */
export function OrganizationSwitch({ name, label, description, fixed = null }: Props) {
  const texts = usePageTexts(switchTexts);
  const { orgId } = usePlace();
  const { data: organization } = useOrganization();
  const mayManage = useMay('organization:manage');
  const update = useUpdateOrganization();
  const saved = useSaved();
  const undo = useUndo(...CHANGED);
  if (!organization) return null;
  const api = organizationApi(orgId);
  const set = (isOn: boolean) => {
    const next = undo({
      before: !isOn,
      after: isOn,
      read: async () => valueOf(await api.read(), name),
      write: (value) => api.update({ [name]: value }),
      doneText: texts.undone(label, !isOn),
    });
    update.mutate({ [name]: isOn }, { onSuccess: () => saved({ text: texts.saved(label, isOn), next }) });
  };
  return (
    <>
      {update.error && <Problem error={update.error} />}
      <Switch
        label={label}
        description={description}
        checked={fixed ?? valueOf(organization, name)}
        disabled={!mayManage || fixed !== null || update.isPending}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    </>
  );
}
