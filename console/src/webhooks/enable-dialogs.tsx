import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { receiverTexts } from '../receivers/texts';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTimes } from '../texts/texts';
import { webhookTexts } from './texts';
import { useChangeWebhook, useEnableWebhook, type Webhook } from '../receivers/use-webhooks';

type Props = { webhook: Webhook; onClose: () => void };

/** Enables a webhook, with what happened while it was disabled if that is wanted. */
export function EnableDialog({ webhook: { id, missed_since: since }, onClose }: Props) {
  const texts = usePageTexts(webhookTexts);
  const { enable } = usePageTexts(receiverTexts);
  const time = useTimes();
  const saved = useSaved();
  const change = useEnableWebhook(id);
  const [withMissed, setWithMissed] = useState(true);
  return (
    <ConfirmDialog
      title={texts.enableTitle}
      text={texts.enableText}
      action={enable}
      isDangerous={false}
      change={change}
      input={withMissed ? since : null}
      onDone={() => saved({ text: texts.wasEnabled })}
      onClose={onClose}
    >
      {since && (
        <Checkbox
          label={texts.withMissed(time(since))}
          checked={withMissed}
          onChange={(event) => setWithMissed(event.currentTarget.checked)}
        />
      )}
    </ConfirmDialog>
  );
}

export function DisableDialog({ webhook, onClose }: Props) {
  const texts = usePageTexts(webhookTexts);
  const { disable } = usePageTexts(receiverTexts);
  const saved = useSaved();
  return (
    <ConfirmDialog
      title={texts.disableTitle}
      text={texts.disableText}
      action={disable}
      change={useChangeWebhook(webhook.id)}
      input={{ is_enabled: false }}
      onDone={() => saved({ text: texts.wasDisabled })}
      onClose={onClose}
    />
  );
}
