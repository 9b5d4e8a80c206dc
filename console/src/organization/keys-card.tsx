import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Problem } from '../common/problem';
import { useUnsavedChanges } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { OrganizationSwitch } from '../common/organization-switch';
import { Facts, SettingsCard } from '../common/settings-card';
import { type OrganizationInfo, useUpdateOrganization } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { organizationTexts } from './texts';

const MAX_DAYS = 36_500;

type Props = { organization: OrganizationInfo; mayManage: boolean };

/** Who may create keys, and how long these are valid. */
export function KeysCard({ organization, mayManage }: Props) {
  const texts = usePageTexts(organizationTexts);
  const limits = useLimits(organization);
  return (
    <SettingsCard title={texts.keys} text={texts.keysText} help="keyExpiry">
      <OrganizationSwitch
        name="pat_creation_disabled"
        label={texts.tokensBlocked}
        description={texts.tokensBlockedText}
      />
      <OrganizationSwitch
        name="api_key_creation_from_api_keys_enabled"
        label={texts.keysByKeys}
        description={texts.keysByKeysText}
      />
      <Text size="sm" fw={600} mt="xs">
        {texts.longest}
      </Text>
      {mayManage ? (
        <LimitsForm limits={limits} />
      ) : (
        <Facts facts={limits.map(({ label, days }) => [label, days ? texts.days(days) : texts.noLimit])} />
      )}
    </SettingsCard>
  );
}

type Limit = {
  readonly name: 'max_pat_expiry_days' | 'max_service_key_expiry_days' | 'max_api_key_expiry_days';
  readonly label: string;
  readonly days: number | null;
};

/** The limit of both kinds of keys is shown if a program has set it. */
function useLimits(organization: OrganizationInfo): Limit[] {
  const texts = usePageTexts(organizationTexts);
  const limit = (name: Limit['name'], label: string) => ({ name, label, days: organization[name] ?? null });
  const both = limit('max_api_key_expiry_days', texts.bothDays);
  return [
    limit('max_pat_expiry_days', texts.tokenDays),
    limit('max_service_key_expiry_days', texts.keyDays),
    ...(both.days === null ? [] : [both]),
  ];
}

function LimitsForm({ limits }: { limits: readonly Limit[] }) {
  const { common } = useTexts();
  const texts = usePageTexts(organizationTexts);
  const update = useUpdateOrganization();
  const saved = useSaved();
  const [typed, setTyped] = useState<Partial<Record<Limit['name'], number | null>>>({});
  const change = Object.fromEntries(
    limits.flatMap(({ name, days }) => {
      const wanted = typed[name];
      return wanted === undefined || wanted === days ? [] : [[name, wanted]];
    }),
  );
  useUnsavedChanges(Object.keys(change).length > 0);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    update.mutate(change, { onSuccess: () => saved({ text: texts.saved }) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {update.error && <Problem error={update.error} />}
        <Group align="flex-end">
          {limits.map(({ name, label, days }) => (
            <NumberInput
              key={name}
              label={label}
              w={220}
              min={1}
              max={MAX_DAYS}
              allowDecimal={false}
              allowNegative={false}
              hideControls
              placeholder={texts.noLimit}
              value={(name in typed ? typed[name] : days) ?? ''}
              onChange={(value) => setTyped({ ...typed, [name]: value === '' ? null : Number(value) })}
            />
          ))}
        </Group>
        <Text size="xs" c="dimmed">
          {texts.daysHint}
        </Text>
        <Group>
          <Button type="submit" loading={update.isPending} disabled={Object.keys(change).length === 0}>
            {common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
