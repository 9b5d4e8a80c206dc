import { Button, Group, Stack, Text } from '@mantine/core';
import { useTexts } from '../texts/texts';
import { Dialog } from './dialog';
import { Problem } from './problem';

type Props = {
  title: string;
  text: string;
  action: string;
  /** Whether something is taken away. */
  isDangerous?: boolean;
  isPending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that is not easily undone. */
export function ConfirmDialog({
  title,
  text,
  action,
  isDangerous = true,
  isPending,
  error,
  onConfirm,
  onClose,
}: Props) {
  const { common } = useTexts();
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack>
        <Text size="sm">{text}</Text>
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {common.cancel}
          </Button>
          <Button {...(isDangerous ? { color: 'red' } : {})} loading={isPending} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
