import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type SubmitEvent, useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { CreatedSecret } from '../common/created-secret';
import { Dialog } from '../common/dialog';
import { ExpirySelect, initialLifetime } from '../common/expiry-select';
import { Loaded } from '../common/loaded';
import { Problem } from '../common/problem';
import { SecretName, useSecretColumns } from '../common/secret-columns';
import { SimpleTable } from '../common/simple-table';
import { createdTexts } from '../created-credentials/texts';
import { SettingsCard } from '../settings/settings-card';
import { usePageTexts, useTexts } from '../texts/texts';
import { provisioningTexts } from './texts';
import { type ScimToken, useCreateScimToken, useDeleteScimToken, useScimTokens } from './use-scim';

export function ScimTokensCard({ mayManage }: { mayManage: boolean }) {
  const texts = usePageTexts(provisioningTexts);
  const [isCreating, dialog] = useDisclosure();
  return (
    <SettingsCard title={texts.tokens} text={texts.tokensText}>
      <Loaded query={useScimTokens()}>
        {(tokens) => <TokenTable tokens={tokens} mayManage={mayManage} />}
      </Loaded>
      {mayManage && (
        <Group>
          <Button onClick={dialog.open}>{texts.create}</Button>
        </Group>
      )}
      {isCreating && <CreateDialog onClose={dialog.close} />}
    </SettingsCard>
  );
}

function TokenTable({ tokens, mayManage }: { tokens: readonly ScimToken[]; mayManage: boolean }) {
  const { keys } = useTexts();
  const texts = usePageTexts(provisioningTexts);
  const { nothingWithScim } = usePageTexts(createdTexts);
  const remove = useDeleteScimToken();
  const [leaving, setLeaving] = useState<ScimToken | null>(null);
  const name = {
    label: keys.description,
    cell: ({ description, short_token: start, expires_at: expiresAt }: ScimToken) => (
      <SecretName description={description} start={start} expiresAt={expiresAt} />
    ),
  };
  return (
    <>
      <SimpleTable
        caption={texts.tokens}
        columns={[name, ...useSecretColumns<ScimToken>(mayManage ? setLeaving : null)]}
        rows={tokens}
        keyOf={({ id = '' }) => id}
        emptyText={texts.none}
      />
      {leaving && (
        <ConfirmDialog
          title={texts.removeTitle(leaving.description ?? '')}
          text={texts.removeText}
          action={keys.remove}
          change={remove}
          input={leaving}
          onClose={() => setLeaving(null)}
        >
          <Text size="sm" c="dimmed">
            {nothingWithScim}
          </Text>
        </ConfirmDialog>
      )}
    </>
  );
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const { keys } = useTexts();
  const texts = usePageTexts(provisioningTexts);
  const create = useCreateScimToken();
  const [description, setDescription] = useState('');
  const [days, setDays] = useState(initialLifetime(null));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ description: description.trim(), days });
  };
  return (
    <Dialog title={texts.create} size="lg" closesOnClickOutside={false} onClose={onClose}>
      {create.data ? (
        <CreatedSecret value={create.data.token ?? ''} text={texts.shownOnce} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {create.error && <Problem error={create.error} />}
            <TextInput
              label={keys.description}
              description={texts.descriptionHint}
              data-autofocus
              required
              withAsterisk={false}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <ExpirySelect value={days} onChange={setDays} />
            <Group justify="flex-end">
              <Button type="submit" loading={create.isPending} disabled={description.trim() === ''}>
                {texts.create}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
