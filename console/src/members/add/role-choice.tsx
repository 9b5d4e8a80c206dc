import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Role } from '../../roles/role-list';

type Choice = { role: Role | null; roles: readonly Role[]; onChange: (id: string) => void };

/** The role that is chosen for all people of a list. */
export function useChosenRole(roles: readonly Role[] = [], initialName: string): Choice {
  const [chosen, onChange] = useState('');
  const role =
    roles.find(({ id }) => id === chosen) ?? roles.find(({ name }) => name === initialName) ?? roles[0];
  return { role: role ?? null, roles, onChange };
}

export const RoleChoice = ({ label, role, roles, onChange }: Choice & { label: string }) => (
  <NativeSelect
    label={label}
    maw={300}
    data={roles.map(({ id, display_name: name }) => ({ value: id, label: name }))}
    value={role?.id ?? ''}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);
