import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { SecretName, useSecretColumns } from '../common/secret-columns';
import { SimpleTable } from '../common/simple-table';
import { DeleteSecretDialog } from '../created-credentials/delete-secret-dialog';
import { useMay } from '../shell/use-organization';
import { useTexts } from '../texts/texts';
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

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const { keys } = useTexts();
  const remove = useDeleteToken();
  const [leaving, setLeaving] = useState<Token | null>(null);
  const actionsOf = (token: Token) => [
    { label: keys.remove, isDangerous: true, run: () => setLeaving(token) },
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
      {leaving && (
        <DeleteSecretDialog
          id={leaving.id}
          title={keys.removeTitle(leaving.description)}
          change={remove}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  );
}
