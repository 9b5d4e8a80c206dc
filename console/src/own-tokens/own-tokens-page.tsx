import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { isExpired, SecretName, useSecretColumns } from '../keys/secret-columns';
import { SimpleTable } from '../common/simple-table';
import { DeleteSecretDialog } from '../created-credentials/delete-secret-dialog';
import { RotateDialog } from '../rotation/rotate-dialog';
import { rotationTexts } from '../rotation/texts';
import { useMay } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { CreateTokenDialog } from './create-token-dialog';
import { type Token, useDeleteToken, useOwnTokens } from './use-own-tokens';

/** The personal access tokens of the signed-in user in this organization. */
export function OwnTokensPage() {
  const { keys } = useTexts();
  const mayCreate = useMay('organization:pats:create');
  const [isCreating, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead
        title={keys.title}
        text={keys.text}
        action={
          <Button onClick={dialog.open} disabled={!mayCreate}>
            {keys.create}
          </Button>
        }
      />
      <Loaded query={useOwnTokens()}>{(tokens) => <TokenTable tokens={tokens} />}</Loaded>
      {isCreating && <CreateTokenDialog onClose={dialog.close} />}
    </Stack>
  );
}

type Asked = { rotated: Token } | { deleted: Token } | null;

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const { keys } = useTexts();
  const { rotate } = usePageTexts(rotationTexts);
  const remove = useDeleteToken();
  const [asked, ask] = useState<Asked>(null);
  const close = () => ask(null);
  const actionsOf = (token: Token) => [
    ...(token.revoked_at || isExpired(token) ? [] : [{ label: rotate, run: () => ask({ rotated: token }) }]),
    { label: keys.remove, isDangerous: true, run: () => ask({ deleted: token }) },
  ];
  const name = {
    label: keys.description,
    cell: (token: Token) => <SecretName secret={token} start={token.short_key} hasMaker />,
  };
  return (
    <>
      <SimpleTable
        caption={keys.title}
        columns={[name, ...useSecretColumns<Token>({ actionsOf, hasMaker: true })]}
        rows={tokens}
        keyOf={({ id }) => id}
        emptyText={keys.none}
      />
      {asked && 'rotated' in asked && <RotateDialog kind="token" rotated={asked.rotated} onClose={close} />}
      {asked && 'deleted' in asked && (
        <DeleteSecretDialog
          id={asked.deleted.id}
          title={keys.removeTitle(asked.deleted.description)}
          change={remove}
          onClose={close}
        />
      )}
    </>
  );
}
