import { Button, Group, Stack, Text } from '@mantine/core';
import { CopiedCode } from '../common/copied-code';
import { Dialog } from '../common/dialog';
import { apiUrl } from '../page/page-settings';
import { usePageTexts, useTexts } from '../texts/texts';
import { eventTexts } from './texts';
import type { EventType } from './use-live-events';

type Props = { cursor: string; types: readonly EventType[]; onClose: () => void };

/** How a program can continue from what the page shows. */
export function FollowDialog({ cursor, types, onClose }: Props) {
  const texts = usePageTexts(eventTexts);
  const { common } = useTexts();
  const query = new URLSearchParams([
    ['after', cursor],
    ['wait', '30'],
    ...types.map((type) => ['types', type]),
  ]);
  const command = [
    'curl -H "X-API-Key: $TENANTRY_KEY"',
    `"${apiUrl}/api/v1/orgs/current/events?${query.toString()}"`,
  ].join(' \\\n  ');
  return (
    <Dialog title={texts.follow} size="lg" onClose={onClose}>
      <Stack>
        <Text size="sm">
          {texts.followText} {texts.followKey}
        </Text>
        <CopiedCode label={texts.command} value={command} />
        <CopiedCode label={texts.cursor} value={cursor} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{common.close}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
