import { Button, Group, Stack, Text } from '@mantine/core';
import { DescriptionField } from '../keys/description-field';
import { useDisclosure } from '@mantine/hooks';
import { type SubmitEvent, useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { CreatedSecret } from '../common/created-secret';
import { Dialog } from '../common/dialog';
import { ExpirySelect, initialLifetime } from '../keys/expiry-select';
import { Loaded } from '../common/loaded';
import { Problem } from '../common/problem';
import { isExpired, SecretName, useSecretColumns } from '../keys/secret-columns';
import { SimpleTable } from '../common/simple-table';
import { createdTexts } from '../created-credentials/texts';
import { RotateDialog } from '../rotation/rotate-dialog';
import { rotationTexts } from '../rotation/texts';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { usePageTexts, useTexts } from '../texts/texts';
import { provisioningTexts } from './texts';
import {
  type ScimToken,
  useCreateScimToken,
  useDeleteScimToken,
  useDescribeScimToken,
  useScimTokens,
} from '../keys/use-scim-tokens';

export function ScimTokensCard({ mayManage }: { mayManage: boolean }) {
  const texts = usePageTexts(provisioningTexts);
  const [isCreating, dialog] = useDisclosure();
  return (
    <SettingsCard title={texts.tokens} text={texts.tokensText} help="scimTokens">
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

type Asked = { changed: ScimToken } | { rotated: ScimToken } | { deleted: ScimToken } | null;

function TokenTable({ tokens, mayManage }: { tokens: readonly ScimToken[]; mayManage: boolean }) {
  const { keys } = useTexts();
  const texts = usePageTexts(provisioningTexts);
  const { nothingWithScim } = usePageTexts(createdTexts);
  const { rotate } = usePageTexts(rotationTexts);
  const remove = useDeleteScimToken();
  const [asked, ask] = useState<Asked>(null);
  const actionsOf = (token: ScimToken) => [
    { label: texts.change, run: () => ask({ changed: token }) },
    ...(isExpired(token) ? [] : [{ label: rotate, run: () => ask({ rotated: token }) }]),
    { label: keys.remove, isDangerous: true, run: () => ask({ deleted: token }) },
  ];
  const name = {
    label: keys.description,
    cell: (token: ScimToken) => <SecretName secret={token} start={token.short_token} hasMaker />,
  };
  const others = useSecretColumns<ScimToken>({ actionsOf: mayManage ? actionsOf : null, hasMaker: true });
  return (
    <>
      <SimpleTable
        caption={texts.tokens}
        columns={[name, ...others]}
        rows={tokens}
        keyOf={({ id = '' }) => id}
        emptyText={texts.none}
      />
      {asked && 'changed' in asked && <ChangeDialog token={asked.changed} onClose={() => ask(null)} />}
      {asked && 'rotated' in asked && (
        <RotateDialog kind="scimToken" rotated={asked.rotated} onClose={() => ask(null)} />
      )}
      {asked && 'deleted' in asked && (
        <ConfirmDialog
          title={texts.removeTitle(asked.deleted.description ?? '')}
          text={texts.removeText}
          action={keys.remove}
          change={remove}
          input={asked.deleted}
          onClose={() => ask(null)}
        >
          <Text size="sm" c="dimmed">
            {nothingWithScim}
          </Text>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Only the description of a token can be changed. */
function ChangeDialog({ token, onClose }: { token: ScimToken; onClose: () => void }) {
  const { common } = useTexts();
  const texts = usePageTexts(provisioningTexts);
  const change = useDescribeScimToken();
  const saved = useSaved();
  const before = token.description ?? '';
  const [typed, setTyped] = useState(before);
  const description = typed.trim();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      saved({});
      onClose();
    };
    change.mutate({ id: token.id ?? '', description }, { onSuccess });
  };
  return (
    <Dialog title={texts.changeTitle(before)} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {change.error && <Problem error={change.error} />}
          <DescriptionField value={typed} hint={texts.descriptionHint} onChange={setTyped} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={description === '' || description === before}
            >
              {common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const { common } = useTexts();
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
            <DescriptionField value={description} hint={texts.descriptionHint} onChange={setDescription} />
            <ExpirySelect value={days} onChange={setDays} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common.cancel}
              </Button>
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
