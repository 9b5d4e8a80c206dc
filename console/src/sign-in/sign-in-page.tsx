import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { OuterPage } from '../common/outer/outer-page';
import { Problem } from '../common/problem';
import { consoleUrl, signInMethod } from '../page/page-settings';
import { useTexts } from '../texts/texts';
import { leaveFor, pageUrl, providerSignIn } from '../session/leave-page';
import { onSignInElsewhere } from '../session/other-tabs';
import type { Preload } from './require-session';
import { type Credentials, signIn } from '../session/sign-in';

export function SignInPage({ preload }: { preload: Preload }) {
  const { session } = useTexts();
  const [search] = useSearchParams();
  const next = pageUrl(search.get('next') ?? '/');
  const isForApplication = /\/(consent|activate)$/.test(next.pathname);
  return (
    <OuterPage title={session.title}>
      {next.href !== consoleUrl.href && (
        <Text size="sm" c="dimmed">
          {isForApplication ? session.forApplication : session.ended}
        </Text>
      )}
      {signInMethod === 'sso' ? <ProviderLink next={next} /> : <PasswordForm next={next} preload={preload} />}
    </OuterPage>
  );
}

/** A tab that waits for a session goes on when another tab has got one, unless somebody else is typing. */
function useSignInElsewhere({ href }: URL, isTyping = false) {
  useEffect(() => (isTyping ? undefined : onSignInElsewhere(() => void leaveFor(href))), [href, isTyping]);
}

function ProviderLink({ next }: { next: URL }) {
  const { session } = useTexts();
  useSignInElsewhere(next);
  return (
    <Stack>
      <Text size="sm">{session.providerHint}</Text>
      <Button component="a" href={providerSignIn(next)}>
        {session.continueWithProvider}
      </Button>
    </Stack>
  );
}

/** Loads the code of the next page meanwhile. The page that follows finds it in the cache of the browser. */
function PasswordForm({ next, preload }: { next: URL; preload: Preload }) {
  const { session } = useTexts();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  useSignInElsewhere(next, email + password !== '');
  const login = useMutation({
    mutationFn: async (credentials: Credentials) => {
      const code = preload(next.pathname);
      await signIn(credentials);
      await code;
    },
    onSuccess: () => leaveFor(next),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    login.mutate({ email: email.trim(), password });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {login.error && <Problem error={login.error} />}
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
        <PasswordInput
          label={session.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={login.isPending}>
          {session.signIn}
        </Button>
        <Anchor component={Link} to="/forgot-password" state={{ email: email.trim() }} size="sm" ta="center">
          {session.forgotPassword}
        </Anchor>
      </Stack>
    </form>
  );
}
