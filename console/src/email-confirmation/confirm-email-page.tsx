import { Alert, Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { apiIn, dataOf } from '../api/client';
import { OuterPage } from '../common/outer/outer-page';
import { Problem } from '../common/problem';
import { useLinkToken } from '../passwords/link-token';
import { ToSignIn } from '../passwords/to-sign-in';
import { usePageTexts } from '../texts/texts';
import { confirmationTexts } from './texts';

/** The page of a confirmation mail. Opening it confirms nothing, since mail servers open links to examine them. */
export function ConfirmEmailPage() {
  const texts = usePageTexts(confirmationTexts);
  const token = useLinkToken();
  const confirm = useMutation({
    mutationFn: (body: { token: string }) =>
      dataOf(apiIn({}).POST('/api/v1/sso/email-verification/confirm', { body })),
  });
  if (confirm.isSuccess)
    return (
      <OuterPage title={texts.doneTitle}>
        <Text size="sm" role="status">
          {texts.doneText}
        </Text>
        <ToSignIn />
      </OuterPage>
    );
  return (
    <OuterPage title={texts.title}>
      {token ? (
        <Text size="sm">{texts.text}</Text>
      ) : (
        <Alert color="red" variant="light" role="alert">
          {texts.noToken}
        </Alert>
      )}
      {confirm.error && <Problem error={confirm.error} />}
      {token && (
        <Button loading={confirm.isPending} onClick={() => confirm.mutate({ token })}>
          {texts.confirm}
        </Button>
      )}
      <ToSignIn />
    </OuterPage>
  );
}
