import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SecretName, useSecretColumns } from '../keys/secret-columns';
import { SimpleTable } from '../common/simple-table';
import { Waiting } from '../common/loaded';
import type { Credential } from '../created-credentials/created-by';
import { createdTexts } from '../created-credentials/texts';
import { useCreatedCredentials } from '../created-credentials/use-created-credentials';
import { usePageTexts, useTexts } from '../texts/texts';
import { personTexts } from './texts';

/** The keys and tokens that a member created, and the applications that act for them. */
export function CredentialsTable({ userId }: { userId: string }) {
  const { keys } = useTexts();
  const texts = usePageTexts(personTexts);
  const { kinds } = usePageTexts(createdTexts);
  const { credentials, isPending, isIncomplete } = useCreatedCredentials({ userId }, { withTokens: true });
  const times = useSecretColumns<Credential>({ actionsOf: null });
  if (isPending) return <Waiting />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {texts.keysText}
      </Text>
      {isIncomplete && <Text size="sm">{texts.notRead}</Text>}
      <SimpleTable
        caption={texts.tabs.keys}
        columns={[
          {
            label: keys.description,
            cell: (credential) => <SecretName secret={credential} start={credential.start} />,
          },
          { label: texts.kind, width: 150, cell: ({ kind }) => <Text size="sm">{kinds[kind]}</Text> },
          ...times,
        ]}
        rows={credentials}
        keyOf={({ id }) => id}
        emptyText={texts.noKeys}
      />
      {credentials.length > 0 && (
        <Anchor component={Link} to={`../../credentials?owner=${userId}`} relative="path" size="sm">
          {texts.revokeKeys}
        </Anchor>
      )}
    </Stack>
  );
}
