import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useId, useState } from 'react';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { Problem } from '../common/problem';
import { useUnsavedChanges } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { useOwnMembership } from '../own-access/use-own-membership';
import { isAcceptable, PasswordRules } from '../passwords/password-rules';
import { passwordTexts } from '../passwords/texts';
import { SettingsCard } from '../common/settings-card';
import { useLoginMethods } from '../session/use-login-methods';
import { usePageTexts, useTexts } from '../texts/texts';
import { profileTexts } from './texts';
import { useChangeProfile } from './use-profile';

/** What users of a password may change about themselves. */
export function OwnProfilePage() {
  const texts = usePageTexts(profileTexts);
  return (
    <Stack gap="lg" maw={640}>
      <PageHead title={texts.title} text={texts.text} />
      <Loaded query={useOwnMembership()}>{(member) => <NameCard name={member?.full_name ?? ''} />}</Loaded>
      <Loaded query={useLoginMethods()}>
        {(logins) => {
          const login = logins.find(({ provider }) => provider === 'email');
          return <PasswordCard isOwn={login?.password_chosen_by === 'owner'} email={login?.email ?? ''} />;
        }}
      </Loaded>
    </Stack>
  );
}

function NameCard({ name: stored }: { name: string }) {
  const { common } = useTexts();
  const texts = usePageTexts(profileTexts);
  const change = useChangeProfile();
  const saved = useSaved();
  const [name, setName] = useState(stored);
  useUnsavedChanges(name.trim() !== stored);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate({ full_name: name.trim() }, { onSuccess: () => saved({ text: texts.nameSaved }) });
  };
  return (
    <form onSubmit={submit}>
      <SettingsCard title={texts.name} text={texts.nameText}>
        {change.error && <Problem error={change.error} />}
        <TextInput
          aria-label={texts.name}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={change.isPending} disabled={name.trim() === ''}>
            {common.save}
          </Button>
        </Group>
      </SettingsCard>
    </form>
  );
}

function PasswordCard({ isOwn, email }: { isOwn: boolean; email: string }) {
  const texts = usePageTexts(profileTexts);
  const { newPassword } = usePageTexts(passwordTexts);
  const rules = useId();
  const change = useChangeProfile();
  const saved = useSaved();
  const [password, setPassword] = useState('');
  useUnsavedChanges(password !== '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      setPassword('');
      saved({ text: texts.changed });
    };
    change.mutate({ password }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <SettingsCard title={texts.password} text={isOwn ? texts.byOwner : texts.byOther} help="passwordRule">
        {change.error && <Problem error={change.error} />}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label={newPassword}
          name="password"
          autoComplete="new-password"
          aria-describedby={rules}
          maxLength={1000}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordRules id={rules} password={password} />
        <Group>
          <Button type="submit" loading={change.isPending} disabled={!isAcceptable(password)}>
            {texts.change}
          </Button>
        </Group>
      </SettingsCard>
    </form>
  );
}
