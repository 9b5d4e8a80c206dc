import { Button, CopyButton } from '@mantine/core';
import { useTexts } from '../texts/texts';

/** Copies a text, and says so. Screen readers hear what it copies, where several are on a page. */
export function CopyText({ value, what }: { value: string; what?: string }) {
  const { keys } = useTexts();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button variant="default" size="compact-sm" flex="none" onClick={copy}>
          {copied ? keys.copied : keys.copy}
          {what && <span className="visually-hidden"> {what}</span>}
        </Button>
      )}
    </CopyButton>
  );
}
