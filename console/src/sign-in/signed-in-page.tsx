import { Text } from '@mantine/core';
import { useEffect } from 'react';
import { OuterPage } from '../common/outer/outer-page';
import { type PageTexts, usePageTexts } from '../texts/texts';

const en = {
  title: 'You are signed in',
  text: 'You can close this window and continue where you were.',
};
const de: typeof en = {
  title: 'Sie sind angemeldet',
  text: 'Sie können dieses Fenster schließen und dort weitermachen, wo Sie waren.',
};
const signedInTexts: PageTexts<typeof en> = { en, de };

/** Where a sign-in in a window ends. The page that opened the window has been notified when the session was read. */
export function SignedInPage() {
  const texts = usePageTexts(signedInTexts);
  useEffect(() => window.close(), []);
  return (
    <OuterPage title={texts.title}>
      <Text size="sm">{texts.text}</Text>
    </OuterPage>
  );
}
