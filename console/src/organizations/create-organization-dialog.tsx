import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { apiIn, dataOf } from '../api/client';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { discardUnsaved } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { useChange } from '../api/use-change';
import { SESSION_KEY } from '../session/use-session';
import { usePageTexts, useTexts } from '../texts/texts';
import { organizationsTexts } from './texts';

const useCreateOrganization = () =>
  useChange(
    (name: string) =>
      dataOf(apiIn({}).POST('/api/v1/orgs', { body: { display_name: name, is_personal: false } })),
    SESSION_KEY,
  );

/** Creates an organization and goes to its members. */
export function CreateOrganizationDialog({ onClose }: { onClose: () => void }) {
  const texts = usePageTexts(organizationsTexts);
  const { common } = useTexts();
  const [name, setName] = useState('');
  const create = useCreateOrganization();
  const navigate = useNavigate();
  const saved = useSaved();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate(name.trim(), {
      onSuccess: ({ id, display_name: created }) => {
        const path = `/organizations/${id}/settings/members`;
        discardUnsaved();
        onClose();
        saved({ text: texts.created(created), path });
        void navigate(path);
      },
    });
  };
  return (
    <Dialog title={texts.create} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            value={name}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {create.error && <Problem error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
              {texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
