import { Button, CopyButton } from '@mantine/core';
import { useTexts } from '../texts/texts';

/** Copies a text, and says so. */
export function CopyText({ value }: { value: string }) {
  const { keys } = useTexts();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button variant="default" size="compact-sm" onClick={copy}>
          {copied ? keys.copied : keys.copy}
        </Button>
      )}
    </CopyButton>
  );
}
