import { PageTabs } from '../common/page-tabs';
import { useMay } from '../session/use-organization';
import { useTexts } from '../texts/texts';

export function KeyPages() {
  const { shell } = useTexts();
  const mayManage = useMay('organization:manage');
  return (
    <PageTabs
      title={shell.keys}
      tabs={{ 'service-keys': shell.serviceKeys, ...(mayManage && { credentials: shell.credentials }) }}
    />
  );
}

export function WebhookPages() {
  const { shell } = useTexts();
  return <PageTabs title={shell.webhooks} tabs={{ webhooks: shell.webhooks, events: shell.events }} />;
}
