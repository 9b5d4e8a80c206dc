import { ConfirmDialog } from '../common/confirm-dialog';
import { receiverTexts } from '../receivers/texts';
import { useSaved } from '../saved/saved';
import { usePageTexts } from '../texts/texts';
import { webhookTexts } from './texts';
import { useChangeWebhook, type Webhook } from './use-webhooks';

type Props = { webhook: Webhook; onClose: () => void };

export function EnableDialog({ webhook: { id }, onClose }: Props) {
  const texts = usePageTexts(webhookTexts);
  const { enable } = usePageTexts(receiverTexts);
  const saved = useSaved();
  const change = useChangeWebhook(id);
  return (
    <ConfirmDialog
      title={texts.enableTitle}
      text={texts.enableText}
      action={enable}
      isDangerous={false}
      change={change}
      input={{ is_enabled: true }}
      onDone={() => saved({ text: texts.wasEnabled })}
      onClose={onClose}
    />
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
