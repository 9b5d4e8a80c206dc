import { Button, Code, CopyButton, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { useTexts } from '../texts/texts';
import { useCreateToken } from './use-own-tokens';

const DAYS = [30, 90, 365];
const NEVER = 'never';

/** Asks for a description and a lifetime, then shows the token once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const { keys } = useTexts();
  const create = useCreateToken();
  const [description, setDescription] = useState('');
  const [days, setDays] = useState('90');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ description: description.trim(), days: days === NEVER ? null : Number(days) });
  };
  return (
    <Dialog title={keys.create} size="lg" closesOnClickOutside={false} onClose={onClose}>
      {create.data ? (
        <CreatedToken value={create.data.key} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {create.error && <Problem error={create.error} />}
            <TextInput
              label={keys.description}
              description={keys.descriptionHint}
              data-autofocus
              required
              withAsterisk={false}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <NativeSelect
              label={keys.expiresIn}
              maw={220}
              data={[
                ...DAYS.map((count) => ({ value: String(count), label: keys.days(count) })),
                { value: NEVER, label: keys.neverExpires },
              ]}
              value={days}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={create.isPending} disabled={description.trim() === ''}>
                {keys.create}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function CreatedToken({ value, onClose }: { value: string; onClose: () => void }) {
  const { add, keys } = useTexts();
  return (
    <Stack>
      <Text size="sm" role="status">
        {keys.shownOnce}
      </Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {value}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? keys.copied : keys.copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{add.done}</Button>
      </Group>
    </Stack>
  );
}
