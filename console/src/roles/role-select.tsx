import { NativeSelect, Text } from '@mantine/core';
import type { Role } from './role-list';

type Props = {
  label: string;
  roles: readonly Role[];
  roleId: string | null | undefined;
  /** Shown for a role that is not in the list of roles. */
  roleName: string | null | undefined;
  /** Shown as text where the caller may not change it. */
  isFixed: boolean;
  onChange: (roleId: string) => void;
};

export function RoleSelect({ label, roles, roleId, roleName, isFixed, onChange }: Props) {
  const options = roles.map(({ id, display_name: name }) => ({ value: id, label: name }));
  const isListed = roles.some(({ id }) => id === roleId);
  if (isFixed)
    return <Text size="sm">{roles.find(({ id }) => id === roleId)?.display_name ?? roleName}</Text>;
  const own = isListed ? [] : [{ value: roleId ?? '', label: roleName ?? '–' }];
  return (
    <NativeSelect
      aria-label={label}
      size="xs"
      data={[...own, ...options]}
      value={roleId ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
