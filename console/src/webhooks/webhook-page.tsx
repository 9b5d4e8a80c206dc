import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { Fact } from '../common/fact';
import { ConfirmDialog } from '../common/confirm-dialog';
import { CopyText } from '../common/copy-text';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { MadeBy } from '../keys/secret-columns';
import { RowMenu } from '../common/row-menu';
import {
  DisabledReason,
  LastAttempt,
  isDelivered,
  StateBadges,
  useDurations,
  useResultText,
} from '../receivers/outcome';
import { receiverTexts } from '../receivers/texts';
import { RotateDialog } from '../rotation/rotate-dialog';
import { rotationTexts } from '../rotation/texts';
import { useSaved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts, useTimes } from '../texts/texts';
import { AttemptsCard } from './attempts-card';
import { DisableDialog, EnableDialog } from './enable-dialogs';
import { webhookTexts } from './texts';
import { useDeleteWebhook, useTestWebhook, useWebhook, type Webhook } from '../receivers/use-webhooks';
import { ChangeWebhookDialog } from './webhook-form';
import { nameOf } from './webhooks-page';

/** One webhook: its state, what it sends, and the attempts to deliver. */
export function WebhookPage() {
  const texts = usePageTexts(webhookTexts);
  const { webhookId = '' } = useParams();
  const isAdmin = useIsOrganizationAdmin();
  return (
    <Stack gap="lg" maw={1000}>
      <Anchor component={Link} to=".." relative="path" size="sm">
        {texts.back}
      </Anchor>
      <Loaded query={useWebhook(webhookId)} title={texts.title}>
        {(webhook) => (
          <>
            <PageHead
              title={webhook.description || new URL(webhook.url).host}
              text={webhook.url}
              action={isAdmin && <Actions webhook={webhook} />}
            />
            <WebhookFacts webhook={webhook} />
            <AttemptsCard webhook={webhook} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

type Asked = 'enable' | 'disable' | 'change' | 'rotate' | 'remove' | null;

function Actions({ webhook }: { webhook: Webhook }) {
  const texts = usePageTexts(webhookTexts);
  const receiver = usePageTexts(receiverTexts);
  const { rotate } = usePageTexts(rotationTexts);
  const navigate = useNavigate();
  const saved = useSaved();
  const resultText = useResultText();
  const test = useTestWebhook(webhook.id);
  const remove = useDeleteWebhook();
  const [asked, ask] = useState<Asked>(null);
  const close = () => ask(null);
  const sendTest = () =>
    test.mutate(undefined, {
      onSuccess: (result) =>
        saved({ text: receiver.testDone(resultText(result)), isProblem: !isDelivered(result) }),
      onError: (error) => saved({ error }),
    });
  return (
    <Group gap="xs">
      <Button variant="default" loading={test.isPending} onClick={sendTest}>
        {receiver.sendTest}
      </Button>
      <Button
        {...(webhook.is_enabled ? { variant: 'default' } : {})}
        onClick={() => ask(webhook.is_enabled ? 'disable' : 'enable')}
      >
        {webhook.is_enabled ? receiver.disable : receiver.enable}
      </Button>
      <RowMenu
        who={nameOf(webhook)}
        actions={[
          { label: receiver.change, run: () => ask('change') },
          { label: rotate, run: () => ask('rotate') },
          { label: receiver.remove, isDangerous: true, run: () => ask('remove') },
        ]}
      />
      {asked === 'enable' && <EnableDialog webhook={webhook} onClose={close} />}
      {asked === 'disable' && <DisableDialog webhook={webhook} onClose={close} />}
      {asked === 'change' && <ChangeWebhookDialog webhook={webhook} onClose={close} />}
      {asked === 'rotate' && (
        <RotateDialog
          kind="webhook"
          rotated={{ id: webhook.id, description: nameOf(webhook) }}
          onClose={close}
        />
      )}
      {asked === 'remove' && (
        <ConfirmDialog
          title={texts.removeTitle(nameOf(webhook))}
          text={texts.removeText(webhook.undelivered)}
          action={receiver.remove}
          change={remove}
          input={webhook.id}
          onDone={() => void navigate('..', { relative: 'path' })}
          onClose={close}
        />
      )}
    </Group>
  );
}

function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const texts = usePageTexts(webhookTexts);
  const receiver = usePageTexts(receiverTexts);
  const time = useTimes();
  const duration = useDurations();
  const { previous_secret_expires_at: oldUntil, paused_until: pausedUntil } = webhook;
  const { undelivered, lag_seconds: lag, types, public_key: publicKey } = webhook;
  const isBehind = webhook.is_enabled && lag >= 60;
  return (
    <dl className="facts">
      <Fact label={texts.state}>
        <Group gap="xs">
          <StateBadges receiver={webhook} />
          <DisabledReason receiver={webhook} />
          {pausedUntil && <span>{texts.paused(time(pausedUntil))}</span>}
        </Group>
      </Fact>
      <Fact label={texts.undelivered}>
        {undelivered > 0 ? texts.waitingLong(undelivered) : texts.nothingWaiting}
        {isBehind && ` ${texts.behind(duration(lag))}`}
      </Fact>
      <Fact label={receiver.lastAttempt}>
        <LastAttempt receiver={webhook} />
      </Fact>
      <Fact label={texts.types}>{types ? types.join(', ') : texts.allTypes}</Fact>
      <Fact label={texts.createdBy}>
        <MadeBy secret={webhook} />
      </Fact>
      <Fact label={texts.publicKey}>
        <Group gap="xs">
          <span style={{ fontFamily: 'monospace' }}>{publicKey}</span>
          <CopyText value={publicKey} what={texts.publicKey} />
        </Group>
      </Fact>
      {oldUntil && <Fact label={texts.oldSecret}>{texts.signsUntil(time(oldUntil))}</Fact>}
    </dl>
  );
}
