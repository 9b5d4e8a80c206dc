import { Button, Center, Group, Loader, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Problem } from '../common/problem';
import { useMay } from '../shell/use-organization';
import { useDates, useTexts } from '../texts/texts';
import { CreateTokenDialog } from './create-token-dialog';
import { type Token, useDeleteToken, useOwnTokens } from './use-own-tokens';

/** The personal access tokens of the signed-in user in this organization. */
export function OwnTokensPage() {
  const { keys } = useTexts();
  const { data, error, refetch } = useOwnTokens();
  const mayCreate = useMay('organization:pats:create');
  const [isCreating, dialog] = useDisclosure();
  return (
    <Stack gap="lg" maw={1000}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            {keys.title}
          </Title>
          <Text c="dimmed">{keys.text}</Text>
        </div>
        <Button onClick={dialog.open} disabled={!mayCreate}>
          {keys.create}
        </Button>
      </Group>
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && (
        <Center py="xl">
          <Loader />
        </Center>
      )}
      {data?.length === 0 && (
        <Text c="dimmed" py="xl" ta="center">
          {keys.none}
        </Text>
      )}
      {data && data.length > 0 && <TokenTable tokens={data} />}
      {isCreating && <CreateTokenDialog onClose={dialog.close} />}
    </Stack>
  );
}

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const { common, keys } = useTexts();
  const [leaving, setLeaving] = useState<Token | null>(null);
  return (
    <>
      <Table verticalSpacing="sm" layout="fixed" highlightOnHover aria-label={keys.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{keys.description}</Table.Th>
            <Table.Th visibleFrom="sm" w={140}>
              {keys.created}
            </Table.Th>
            <Table.Th visibleFrom="sm" w={140}>
              {keys.lastUsed}
            </Table.Th>
            <Table.Th visibleFrom="sm" w={140}>
              {keys.expires}
            </Table.Th>
            <Table.Th w={110}>
              <span className="visually-hidden">{common.actionsColumn}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onDelete={() => setLeaving(token)} />
          ))}
        </Table.Tbody>
      </Table>
      {leaving && <DeleteDialog token={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}

function TokenRow({ token, onDelete }: { token: Token; onDelete: () => void }) {
  const { keys } = useTexts();
  const date = useDates();
  const or = (time: string | null | undefined, text: string) => (time ? date(time) : text);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500} truncate>
          {token.description}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {token.short_key}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{or(token.created_at, '–')}</Table.Td>
      <Table.Td visibleFrom="sm">{or(token.last_used_at, keys.neverUsed)}</Table.Td>
      <Table.Td visibleFrom="sm">{or(token.expires_at, keys.neverExpires)}</Table.Td>
      <Table.Td ta="right">
        <Button variant="subtle" color="red" size="compact-sm" onClick={onDelete}>
          {keys.remove}
          <span className="visually-hidden"> {token.description}</span>
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function DeleteDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const { keys } = useTexts();
  return (
    <ConfirmDialog
      title={keys.removeTitle(token.description)}
      text={keys.removeText}
      action={keys.remove}
      change={useDeleteToken()}
      input={token}
      onClose={onClose}
    />
  );
}
