import { Button, Group, Stack, Textarea } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Problem } from '../common/problem';
import { useUnsavedChanges } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { Facts, SettingsCard } from '../common/settings-card';
import {
  type OrganizationInfo,
  useIsOrganizationAdmin,
  useUpdateOrganization,
} from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { organizationTexts } from './texts';

/** What an address or network looks like; the server checks the rest. */
const NETWORK = /^[\d.a-f:]+(\/\d{1,3})?$/i;
const MAX_NETWORKS = 100;

/** From where the organization accepts requests. */
export function NetworksCard({ organization }: { organization: OrganizationInfo }) {
  const isAdmin = useIsOrganizationAdmin();
  const texts = usePageTexts(organizationTexts);
  const networks = organization.ip_allowlist ?? [];
  return (
    <SettingsCard title={texts.networks} text={texts.networksText} help="allowlist">
      {isAdmin ? (
        <Form before={networks.join('\n')} />
      ) : (
        <Facts facts={[[texts.acceptedNetworks, networks.join(', ') || texts.everywhere]]} />
      )}
    </SettingsCard>
  );
}

const linesOf = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

function Form({ before }: { before: string }) {
  const { common } = useTexts();
  const texts = usePageTexts(organizationTexts);
  const update = useUpdateOrganization();
  const saved = useSaved();
  const [typed, setTyped] = useState(before);
  const networks = linesOf(typed);
  useUnsavedChanges(networks.join('\n') !== before);
  const wrong = networks.find((network) => !NETWORK.test(network));
  const error = wrong
    ? texts.networkWrong(wrong)
    : networks.length > MAX_NETWORKS
      ? texts.tooManyNetworks
      : null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      setTyped(networks.join('\n'));
      saved({ text: networks.length > 0 ? texts.networksSaved : texts.everywhereSaved });
    };
    update.mutate({ ip_allowlist: networks }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {update.error && <Problem error={update.error} />}
        <Textarea
          label={texts.acceptedNetworks}
          description={texts.networksHint}
          error={error}
          placeholder={texts.everywhere}
          autosize
          minRows={3}
          maxRows={12}
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group>
          <Button
            type="submit"
            loading={update.isPending}
            disabled={error !== null || networks.join('\n') === before}
          >
            {common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
