import { Alert, Button, Group, Text } from '@mantine/core';
import { ApiError } from '../api/api-error';
import { type Texts } from '../texts/en';
import { useTexts } from '../texts/texts';

/** What went wrong, in the words of the server where it responded. */
export function problemText(error: Error, { common }: Texts): string {
  if (!(error instanceof ApiError)) return common.noResponse;
  return error.message || common.unexpected(error.status);
}

export function Problem({ error, onRetry }: { error: Error; onRetry?: () => unknown }) {
  const texts = useTexts();
  return (
    <Alert color="red" variant="light" role="alert">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Text size="sm" style={{ whiteSpace: 'pre-line', flex: 1 }}>
          {problemText(error, texts)}
        </Text>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={() => void onRetry()}>
            {texts.common.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
