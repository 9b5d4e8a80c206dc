import { Stack, Switch } from '@mantine/core';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import type { Role } from './role-list';
import { usePageTexts } from '../texts/texts';
import { roleTexts } from './texts';
import { useRestrictRole } from './use-roles';

/** Takes effect at once, independently of the form of the role. */
export function RestrictionSwitch({ role, mayManage }: { role: Role; mayManage: boolean }) {
  const texts = usePageTexts(roleTexts);
  const restrict = useRestrictRole(role);
  const saved = useSaved();
  return (
    <Stack gap="xs">
      {restrict.error && <Problem error={restrict.error} />}
      <Switch
        label={texts.restricted}
        description={texts.restrictedText}
        checked={role.is_restricted ?? false}
        disabled={!mayManage || restrict.isPending}
        onChange={(event) => restrict.mutate(event.currentTarget.checked, { onSuccess: () => saved({}) })}
      />
    </Stack>
  );
}
