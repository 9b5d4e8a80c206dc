import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { apiIn, dataOf } from '../api/client';
import { Loaded } from '../common/loaded';
import { helpPath } from '../page/help';
import { signInMethod } from '../page/page-settings';
import { usePageTexts } from '../texts/texts';
import { ConnectionTable } from './connection-table';
import { SettingsCard } from '../common/settings-card';
import { providerTexts } from './provider-texts';

/** Whether the server reaches the identity provider of this installation, which its operator configures. */
export function ProviderCard({ mayManage }: { mayManage: boolean }) {
  const texts = usePageTexts(providerTexts);
  return (
    <SettingsCard title={texts.title} text={texts.text}>
      {signInMethod === 'sso' ? <Reachability /> : <Passwords />}
      {signInMethod === 'sso' && mayManage && <ConnectionTable />}
    </SettingsCard>
  );
}

function Passwords() {
  const texts = usePageTexts(providerTexts);
  return (
    <Text size="sm">
      {texts.passwords}{' '}
      <Anchor component={Link} to={helpPath('singleSignOn')} inherit underline="always">
        {texts.connect}
      </Anchor>
    </Text>
  );
}

function Reachability() {
  const texts = usePageTexts(providerTexts);
  const health = useQuery({
    queryKey: ['health'],
    queryFn: () => dataOf(apiIn({}).GET('/api/v1/info/health')),
    staleTime: 0,
  });
  return (
    <Loaded query={health}>
      {({ identity_provider_reachable: isReachable }) => (
        <Group justify="space-between">
          <Badge
            variant="light"
            size="lg"
            tt="none"
            role="status"
            color={isReachable === undefined ? 'gray' : isReachable ? 'green' : 'red'}
          >
            {isReachable === undefined ? texts.unknown : isReachable ? texts.reachable : texts.unreachable}
          </Badge>
          <Button variant="default" loading={health.isFetching} onClick={() => void health.refetch()}>
            {texts.again}
          </Button>
        </Group>
      )}
    </Loaded>
  );
}
