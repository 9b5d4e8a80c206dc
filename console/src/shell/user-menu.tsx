import {
  Button,
  Group,
  type MantineColorScheme,
  NativeSelect,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { apiIn, dataOf } from '../api/client';
import { Initials } from '../people/initials';
import { leaveSignedOut } from '../session/leave-page';
import { useEmail } from '../session/use-login-methods';
import { type Language, languages, useLanguage, usePageTexts, useTexts } from '../texts/texts';
import { frameTexts } from './texts';

export function UserMenu() {
  const { session } = useTexts();
  const email = useEmail();
  return (
    <Popover position="bottom-end" width={260} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton aria-label={`${session.signedInAs} ${email}`}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" visibleFrom="sm" truncate maw={400}>
              {email}
            </Text>
            <Initials email={email} size={34} />
          </Group>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="xs" c="dimmed">
            {session.signedInAs}
            <Text span display="block" size="sm" c="bright" className="wrapped">
              {email}
            </Text>
          </Text>
          <Preferences />
          <SignOutButton />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const SCHEMES: MantineColorScheme[] = ['auto', 'light', 'dark'];

function Preferences() {
  const { texts, language, setLanguage } = useLanguage();
  const frame = usePageTexts(frameTexts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <SegmentedControl
        aria-label={frame.colors}
        fullWidth
        size="xs"
        data={SCHEMES.map((value) => ({ value, label: frame.colorSchemes[value] }))}
        value={colorScheme}
        onChange={setColorScheme}
      />
      <NativeSelect
        aria-label={texts.session.language}
        size="xs"
        data={languages}
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value as Language)}
      />
    </>
  );
}

/** Ends the session here, and at the identity provider where that is configured. */
const useSignOut = () =>
  useMutation({
    mutationFn: () => dataOf(apiIn({}).POST('/api/v1/oauth/custom-oidc/logout')),
    onSuccess: ({ logout_url: providerUrl }) => leaveSignedOut(providerUrl ?? undefined),
  });

export function SignOutButton() {
  const { session } = useTexts();
  const signOut = useSignOut();
  return (
    <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
      {session.signOut}
    </Button>
  );
}
