import { Alert, Button, Group, Text } from '@mantine/core';
import { ProblemText } from '../problems/problem-text';
import { useTexts } from '../texts/texts';

/** Says what went wrong. */
export function Problem({ error, onRetry }: { error: Error; onRetry?: () => unknown }) {
  const { common } = useTexts();
  return (
    <Alert color="red" variant="light" role="alert">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Text component="div" size="sm" flex={1} className="wrapped">
          <ProblemText error={error} />
        </Text>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={() => void onRetry()}>
            {common.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
