import { Alert, Button, Checkbox, Loader, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import { Link } from 'react-router';
import { ApiError } from '@tenantry/client';
import { OuterPage } from '../common/outer/outer-page';
import { Problem } from '../common/problem';
import { passwordLinks } from '../page/page-settings';
import { ProblemText } from '../problems/problem-text';
import { leaveFor, pageUrl } from '../session/leave-page';
import { signIn } from '../session/sign-in';
import { usePageTexts, useTexts } from '../texts/texts';
import { useLinkToken } from './link-token';
import { isAcceptable, PasswordRules } from './password-rules';
import { type PasswordTexts, passwordTexts } from './texts';
import { ToSignIn } from './to-sign-in';
import { type LinkInfo, setPassword, useLinkInfo } from './use-password-links';

/** The page of a password link: sets a password with it, and signs in. */
export function SetPasswordPage() {
  const token = useLinkToken();
  const { noToken } = usePageTexts(passwordTexts);
  return token ? <LinkPage key={token} token={token} /> : <Failed text={noToken} hasNewLink />;
}

function LinkPage({ token }: { token: string }) {
  const texts = usePageTexts(passwordTexts);
  const { data, error, refetch } = useLinkInfo(token);
  if (data) return <PasswordForm token={token} link={data} />;
  if (error)
    return (
      <Failed
        text={<ProblemText error={error} />}
        hasNewLink={!(error instanceof ApiError && WITHOUT_NEW_LINK.includes(error.code))}
        {...(isPassing(error) ? { onRetry: refetch } : {})}
      />
    );
  return (
    <OuterPage title={texts.titles.account}>
      <Text size="sm" role="status">
        <Loader size="xs" mr="xs" />
        {texts.checking}
      </Text>
    </OuterPage>
  );
}

/** The link may work later. */
const isPassing = (error: Error) =>
  !(error instanceof ApiError) || error.status === 429 || error.status >= 500;

/** Of invitations that cannot be accepted now, so that no mail would come. */
const WITHOUT_NEW_LINK = ['invitation_expired', 'invites_disabled', 'organization_disabled', 'sso_required'];

type Failure = { text: ReactNode; hasNewLink: boolean; onRetry?: () => unknown };

function Failed({ text, hasNewLink, onRetry }: Failure) {
  const texts = usePageTexts(passwordTexts);
  const { common } = useTexts();
  return (
    <OuterPage title={texts.failedTitle}>
      <Alert color="red" variant="light" role="alert">
        {text}
      </Alert>
      {onRetry && <Button onClick={() => void onRetry()}>{common.retry}</Button>}
      {hasNewLink && passwordLinks !== 'none' && (
        <Button component={Link} to="/forgot-password" variant={onRetry ? 'default' : 'filled'}>
          {texts.newLink}
        </Button>
      )}
      <ToSignIn />
    </OuterPage>
  );
}

/** The password was set; a failed sign-in after it is repeated by hand. */
const useSetPassword = (token: string) =>
  useMutation({
    mutationFn: async ({ password, revokeTokens }: { password: string; revokeTokens: boolean }) => {
      const { email } = await setPassword({ token, password, revoke_tokens: revokeTokens });
      await signIn({ email, password }).catch(() => undefined);
    },
    onSuccess: () => leaveFor(pageUrl('/')),
  });

function PasswordForm({ token, link }: { token: string; link: LinkInfo }) {
  const texts = usePageTexts(passwordTexts);
  const { session } = useTexts();
  const rules = useId();
  const [password, setValue] = useState('');
  const [revokeTokens, setRevokeTokens] = useState(false);
  const change = useSetPassword(token);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate({ password, revokeTokens });
  };
  return (
    <OuterPage title={titleOf(link, texts)}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{textOf(link, texts)}</Text>
          {change.error && <Problem error={change.error} />}
          <TextInput
            label={session.email}
            name="username"
            autoComplete="username"
            readOnly
            variant="filled"
            value={link.email}
          />
          <PasswordInput
            label={texts.newPassword}
            name="password"
            autoComplete="new-password"
            aria-describedby={rules}
            maxLength={1000}
            required
            withAsterisk={false}
            autoFocus
            value={password}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <PasswordRules id={rules} password={password} />
          {link.purpose !== 'invitation' && (
            <Checkbox
              label={texts.revokeTokens}
              description={revokeTokens ? texts.keysStay : texts.tokensStay}
              checked={revokeTokens}
              onChange={(event) => setRevokeTokens(event.currentTarget.checked)}
            />
          )}
          <Button type="submit" loading={change.isPending} disabled={!isAcceptable(password)}>
            {link.purpose === 'invitation' ? texts.join : texts.set}
          </Button>
        </Stack>
      </form>
    </OuterPage>
  );
}

const titleOf = ({ purpose }: LinkInfo, { titles }: PasswordTexts): string =>
  titles[purpose as keyof typeof titles] ?? titles.account;

function textOf({ purpose, organization_name: organization }: LinkInfo, texts: PasswordTexts): string {
  if (!organization) return texts.forgotten;
  return purpose === 'invitation' ? texts.invitation(organization) : texts.account(organization);
}
