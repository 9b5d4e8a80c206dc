import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { Loaded } from '../common/loaded';
import { TabHead } from '../common/page-tabs';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { DisabledReason, LastAttempt, StateBadges, useResultText } from '../receivers/outcome';
import { receiverTexts } from '../receivers/texts';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts, useTimes } from '../texts/texts';
import { CreateWebhookDialog } from './webhook-form';
import { webhookTexts } from './texts';
import { useWebhooks, type Webhook } from '../receivers/use-webhooks';

/** The addresses to which events are sent. */
export function WebhooksPage() {
  const texts = usePageTexts(webhookTexts);
  const isAdmin = useIsOrganizationAdmin();
  const [isCreating, dialog] = useDisclosure();
  const columns = useColumns();
  return (
    <Stack gap="lg">
      <TabHead text={texts.text} action={isAdmin && <Button onClick={dialog.open}>{texts.create}</Button>} />
      {!isAdmin && <Text size="sm">{texts.forAdmins}</Text>}
      <Loaded query={useWebhooks()}>
        {(webhooks) => (
          <SimpleTable
            caption={texts.title}
            columns={columns}
            rows={webhooks}
            keyOf={({ id }) => id}
            emptyText={isAdmin ? texts.createFirst : texts.none}
          />
        )}
      </Loaded>
      {isCreating && <CreateWebhookDialog onClose={dialog.close} />}
    </Stack>
  );
}

export const nameOf = ({ description, url }: Pick<Webhook, 'description' | 'url'>): string =>
  description || url;

function useColumns(): SimpleColumn<Webhook>[] {
  const texts = usePageTexts(webhookTexts);
  const { lastAttempt } = usePageTexts(receiverTexts);
  const resultText = useResultText();
  const time = useTimes();
  const waitingOf = ({ undelivered }: Webhook) =>
    undelivered > 0 ? texts.waiting(undelivered) : texts.nothingWaiting;
  return [
    {
      label: texts.webhook,
      cell: (webhook) => (
        <>
          <Group gap="xs">
            <Anchor component={Link} to={webhook.id} size="sm" fw={500} className="wrapped">
              {nameOf(webhook)}
            </Anchor>
            <StateBadges receiver={webhook} />
          </Group>
          {webhook.description && (
            <Text size="xs" c="dimmed" className="wrapped">
              {webhook.url}
            </Text>
          )}
          <Text size="xs" className="wrapped">
            <DisabledReason receiver={webhook} />
            {webhook.paused_until && texts.paused(time(webhook.paused_until))}
          </Text>
          <Text component="div" size="xs" c="dimmed" hiddenFrom="sm">
            {texts.undelivered}: {waitingOf(webhook)}
            {webhook.last_attempt && <div>{`${lastAttempt}: ${resultText(webhook.last_attempt)}`}</div>}
          </Text>
        </>
      ),
    },
    {
      label: texts.types,
      visibleFrom: 'lg',
      width: 130,
      cell: ({ types }) => <Text size="sm">{types ? texts.someTypes(types.length) : texts.allTypes}</Text>,
    },
    {
      label: texts.undelivered,
      visibleFrom: 'sm',
      width: 150,
      cell: (webhook) => <Text size="sm">{waitingOf(webhook)}</Text>,
    },
    {
      label: lastAttempt,
      visibleFrom: 'sm',
      width: 200,
      cell: (webhook) => <LastAttempt receiver={webhook} />,
    },
  ];
}
