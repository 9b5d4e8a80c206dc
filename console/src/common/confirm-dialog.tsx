import { Button, Group, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts';
import { Dialog } from './dialog';
import { Problem } from './problem';
import { useSaved } from '../saved/saved';

type Props<Input> = {
  title: string;
  text: string;
  action: string;
  /** Whether something is taken away. */
  isDangerous?: boolean;
  change: UseMutationResult<unknown, Error, Input>;
  input: Input;
  /** Says what was done; without it, that the change was saved. */
  onDone?: () => void;
  onClose: () => void;
  /** Stands below the text. */
  children?: ReactNode;
};

/** Asks before a change that is not easily undone, and stays open with the problem if it is refused. */
export function ConfirmDialog<Input>({ isDangerous = true, change, input, ...props }: Props<Input>) {
  const { common } = useTexts();
  const saved = useSaved();
  const { title, text, action, onDone, children } = props;
  const onClose = () => {
    if (change.error) change.reset(); // the next dialog is about somebody else
    props.onClose();
  };
  const onSuccess = () => {
    if (onDone) onDone();
    else saved({});
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack>
        <Text size="sm">{text}</Text>
        {children}
        {change.error && <Problem error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            {...(isDangerous ? { color: 'red.9' } : {})}
            loading={change.isPending}
            onClick={() => change.mutate(input, { onSuccess })}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
