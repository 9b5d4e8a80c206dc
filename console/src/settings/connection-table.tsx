import { Code, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { CopyText } from '../common/copy-text';
import { Loaded } from '../common/loaded';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { providerTexts } from './provider-texts';

/** What the administrators of the identity provider enter there. */
export function ConnectionTable() {
  const texts = usePageTexts(providerTexts);
  const { api, orgId } = usePlace();
  const connection = useQuery({
    queryKey: ['sso-connection', orgId],
    queryFn: () => dataOf(api.GET('/api/v1/orgs/current/sso-settings/connection')),
    staleTime: Infinity,
  });
  return (
    <div>
      <Text size="sm" fw={600} mb="xs">
        {texts.connection}
      </Text>
      <Loaded query={connection}>{(data) => <Rows connection={data} />}</Loaded>
    </div>
  );
}

function Rows({ connection }: { connection: Schemas['SsoConnection'] }) {
  const texts = usePageTexts(providerTexts);
  const rows = [
    [texts.issuer, connection.issuer_url],
    [texts.clientId, connection.client_id],
    [texts.scopes, connection.scopes.join(' ')],
    [texts.redirect, connection.redirect_uri],
    [texts.afterLogout, connection.post_logout_redirect_uri],
    [texts.backchannel, connection.backchannel_logout_uri],
    [texts.frontchannel, connection.frontchannel_logout_uri],
    [texts.start, connection.initiate_login_uri],
  ] as const;
  return (
    <Table withTableBorder aria-label={texts.connection}>
      <Table.Tbody>
        {rows.map(([label, value]) => (
          <Table.Tr key={label}>
            <Table.Td>
              <Group gap="xs" justify="space-between" wrap="nowrap">
                <div>
                  <Text size="sm">{label}</Text>
                  <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
                </div>
                <CopyText value={value} what={label} />
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
