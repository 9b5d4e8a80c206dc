import { List, Text } from '@mantine/core';
import { ConfirmDialog } from '../common/confirm-dialog';
import { useSaved } from '../saved/saved';
import { useWorkspaceRoles } from '../roles/role-list';
import { signInMethod } from '../page/page-settings';
import type { Organization } from '../session/use-session';
import { useFirstPlaces } from '../settings/use-sso-settings';
import { useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { organizationsTexts } from './texts';
import { useInstanceFlags, useSetDefaultOrganization } from './use-default-organization';

type Props = { organization: Organization; current: Organization; onClose: () => void };

/** Asks whether another organization is to take in new people, and says where they land then. */
export function SetDefaultDialog({ organization, current, onClose }: Props) {
  const texts = usePageTexts(organizationsTexts);
  const saved = useSaved();
  const setDefault = useSetDefaultOrganization();
  const name = organization.display_name;
  return (
    <ConfirmDialog
      title={texts.title(name)}
      text={texts.lands(name, current.display_name)}
      action={texts.setDefaultOrganization}
      isDangerous={false}
      change={setDefault}
      input={organization.id}
      onDone={() => saved({ text: texts.done(name) })}
      onClose={onClose}
    >
      <List size="sm" spacing="xs">
        <List.Item>
          <FirstPlaces organization={organization} />
        </List.Item>
        <List.Item>{texts.stay}</List.Item>
        {signInMethod === 'password' && <List.Item>{texts.passwords}</List.Item>}
      </List>
    </ConfirmDialog>
  );
}

/** What new people get there, by the rules of docs/contract/sign-in.md#decision-at-sign-in. */
function FirstPlaces({ organization }: Pick<Props, 'organization'>) {
  const texts = usePageTexts(organizationsTexts);
  const { id, display_name: name } = organization;
  const { data: flags } = useInstanceFlags();
  const first = useFirstPlaces(id);
  const { data: workspaces = [] } = useWorkspaces(id);
  const { data: roles = [] } = useWorkspaceRoles(id);
  const hasJit = flags?.['self_hosted_jit_provisioning_enabled'] === true;
  if (!flags || !first) return <Text size="sm">…</Text>;
  if (!hasJit || !organization.jit_provisioning_enabled)
    return organization.invites_enabled ? texts.refused(name) : texts.closed(name);
  const names = workspaces.filter((workspace) => first.workspaceIds.includes(workspace.id));
  const role = roles.find((one) => one.id === first.roleId)?.display_name ?? '';
  if (names.length === 0) return texts.joinsNothing;
  return texts.joins(names.map(({ display_name: label }) => label).join(', '), role);
}
