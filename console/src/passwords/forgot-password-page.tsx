import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { OuterPage } from '../common/outer/outer-page';
import { Problem } from '../common/problem';
import { passwordLinks } from '../page/page-settings';
import { usePageTexts, useTexts } from '../texts/texts';
import { passwordTexts } from './texts';
import { ToSignIn } from './to-sign-in';
import { useRequestLink } from './use-password-links';

/** Asks for a mail with a link; without a mail server it says who has one. */
export function ForgotPasswordPage() {
  const texts = usePageTexts(passwordTexts);
  if (passwordLinks === 'none') return <Navigate to="/sign-in" replace />;
  if (passwordLinks === 'mailed') return <RequestForm />;
  return (
    <OuterPage title={texts.askAdminTitle}>
      <Text size="sm">{texts.askAdmin}</Text>
      <ToSignIn />
    </OuterPage>
  );
}

function RequestForm() {
  const texts = usePageTexts(passwordTexts);
  const { session } = useTexts();
  const { state } = useLocation();
  const [email, setEmail] = useState(emailIn(state));
  const request = useRequestLink();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    request.mutate(email.trim());
  };
  if (request.isSuccess) return <Sent email={request.variables} onAgain={request.reset} />;
  return (
    <OuterPage title={texts.forgotTitle}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.forgotText}</Text>
          {request.error && <Problem error={request.error} />}
          <TextInput
            label={session.email}
            name="username"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Button type="submit" loading={request.isPending}>
            {texts.send}
          </Button>
          <ToSignIn />
        </Stack>
      </form>
    </OuterPage>
  );
}

/** The same whether or not there is an account. */
function Sent({ email, onAgain }: { email: string; onAgain: () => void }) {
  const texts = usePageTexts(passwordTexts);
  return (
    <OuterPage title={texts.sentTitle}>
      <Stack role="status" gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {texts.sentText(email)}
        </Text>
        <Text size="sm">{texts.sentLink}</Text>
      </Stack>
      <Button variant="default" onClick={onAgain}>
        {texts.otherAddress}
      </Button>
      <ToSignIn />
    </OuterPage>
  );
}

/** What was typed on the sign-in page. */
const emailIn = (state: unknown): string => {
  const { email } = (state ?? {}) as { email?: unknown };
  return typeof email === 'string' ? email : '';
};
