import { Alert } from '@mantine/core';
import { useTexts } from '../texts/texts';

/** What has just been done; read out by screen readers. */
export function Notice({ text, onClose }: { text: string; onClose: () => void }) {
  const { common } = useTexts();
  if (!text) return null;
  return (
    <Alert
      color="green"
      variant="light"
      role="status"
      withCloseButton
      closeButtonLabel={common.close}
      onClose={onClose}
    >
      {text}
    </Alert>
  );
}
