import { ActionIcon, Box, Menu } from '@mantine/core';
import { useTexts } from '../texts/texts';

export type RowAction = { readonly label: string; readonly isDangerous?: boolean; readonly run: () => void };

/** The actions of one row behind a button. */
export function RowMenu({ who, actions }: { who: string; actions: readonly RowAction[] }) {
  const { common } = useTexts();
  if (actions.length === 0) return null;
  return (
    <Box ta="right">
      <Menu position="bottom-end" keepMounted={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={common.actions(who)}>
            ⋯
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map(({ label, isDangerous, run }) => (
            <Menu.Item key={label} {...(isDangerous ? { c: 'red' } : {})} onClick={run}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Box>
  );
}
