import { Alert, Button, Group, Text } from '@mantine/core';
import { ProblemText } from '../problems/problem-text';
import type { MouseEvent } from 'react';
import { useParams } from 'react-router';
import { isSessionEnd, needsOtherSignIn, providerSignIn, signInBeside } from '../session/leave-page';
import { hasUnsaved } from '../page/unsaved';
import { useTexts } from '../texts/texts';

type Props = {
  error: Error;
  onRetry?: () => unknown;
  /** That of the request, if the path of the page has none. */
  orgId?: string | undefined;
};

/** Says what went wrong, except the end of a session, which the sign-in that follows says. */
export function Problem({ error, onRetry, orgId }: Props) {
  const { common } = useTexts();
  if (isSessionEnd(error)) return null;
  return (
    <Alert color="red" variant="light" role="alert">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Text component="div" size="sm" flex={1} className="wrapped">
          <ProblemText error={error} />
        </Text>
        {needsOtherSignIn(error) && <SignInAgain ofOrgId={orgId} />}
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
function SignInAgain({ ofOrgId }: { ofOrgId: string | undefined }) {
  const { session } = useTexts();
  const { orgId = ofOrgId } = useParams();
  const organization: Record<string, string> = orgId ? { organization_id: orgId } : {};
  const beside = (event: MouseEvent) => {
    if (!hasUnsaved()) return;
    event.preventDefault();
    signInBeside(organization);
  };
  return (
    <Button
      component="a"
      size="compact-sm"
      href={providerSignIn(new URL(location.href), organization)}
      onClick={beside}
    >
      {session.signInAgain}
    </Button>
  );
}
