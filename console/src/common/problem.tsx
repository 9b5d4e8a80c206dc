import { Alert, Button, Group, Text } from '@mantine/core';
import { ProblemText } from '../problems/problem-text';
import { useParams } from 'react-router';
import { needsOtherSignIn, providerSignIn } from '../session/leave-page';
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
        {needsOtherSignIn(error) && <SignInAgain />}
        {onRetry && !needsOtherSignIn(error) && (
          <Button size="compact-sm" variant="default" onClick={() => void onRetry()}>
            {common.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** As the organization requires it. */
function SignInAgain() {
  const { session } = useTexts();
  const { orgId } = useParams();
  const href = providerSignIn(new URL(location.href), orgId ? { organization_id: orgId } : {});
  return (
    <Button component="a" size="compact-sm" href={href}>
      {session.signInAgain}
    </Button>
  );
}
