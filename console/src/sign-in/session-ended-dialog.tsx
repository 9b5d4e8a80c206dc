import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Dialog } from '../common/dialog';
import { type PageTexts, usePageTexts, useTexts } from '../texts/texts';
import { signInBeside } from '../session/leave-page';
import { onSignInElsewhere } from '../session/other-tabs';
import { setSessionEnded, useSessionEnded } from '../session/session-end';

const en = {
  title: 'Your session has ended',
  text: 'What you entered is kept while this page stays open. Sign in again in a new window, then continue here.',
};
const de: typeof en = {
  title: 'Ihre Sitzung ist beendet',
  text: 'Ihre Eingaben bleiben erhalten, solange diese Seite geöffnet ist. Melden Sie sich in einem neuen Fenster wieder an und machen Sie dann hier weiter.',
};
const endedTexts: PageTexts<typeof en> = { en, de };

/** Shown above changed input when the session has ended. The page goes on when its user has signed in in a window. */
export function SessionEndedDialog() {
  const { session } = useTexts();
  const texts = usePageTexts(endedTexts);
  const queries = useQueryClient();
  const hasEnded = useSessionEnded();
  useEffect(
    () =>
      onSignInElsewhere(() => {
        setSessionEnded(false);
        void queries.invalidateQueries();
      }),
    [queries],
  );
  if (!hasEnded) return null;
  return (
    <Dialog title={texts.title} closesOnClickOutside={false} onClose={() => setSessionEnded(false)}>
      <Stack>
        <Text size="sm">{texts.text}</Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={() => signInBeside()}>
            {session.signInAgain}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
