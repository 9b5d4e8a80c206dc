import { Button, Group, Stack } from '@mantine/core';
import { DescriptionField } from '../keys/description-field';
import { type SubmitEvent, useState } from 'react';
import { CreatedSecret } from '../common/created-secret';
import { Dialog } from '../common/dialog';
import { ExpirySelect, initialLifetime, useLongestLifetime } from '../keys/expiry-select';
import { Problem } from '../common/problem';
import { useTexts } from '../texts/texts';
import { useCreateToken } from './use-own-tokens';

/** Asks for a description and a lifetime, then shows the token once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const { common, keys } = useTexts();
  const create = useCreateToken();
  const [description, setDescription] = useState('');
  const limit = useLongestLifetime('pat');
  const [days, setDays] = useState(initialLifetime(limit));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ description: description.trim(), days });
  };
  return (
    <Dialog title={keys.create} size="lg" closesOnClickOutside={false} onClose={onClose}>
      {create.data ? (
        <CreatedSecret value={create.data.key} text={keys.shownOnce} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {create.error && <Problem error={create.error} />}
            <DescriptionField value={description} hint={keys.descriptionHint} onChange={setDescription} />
            <ExpirySelect value={days} limit={limit} onChange={setDays} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common.cancel}
              </Button>
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
