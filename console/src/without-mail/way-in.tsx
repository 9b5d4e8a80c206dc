import { Alert, Group, Text } from '@mantine/core';
import { CopyText } from '../common/copy-text';
import { consoleUrl, signInMethod } from '../page-settings';
import type { Saved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../shell/use-organization';
import { usePageTexts } from '../texts/texts';
import { withoutMailTexts } from './texts';

/** How invited people get in when nothing was mailed: at this address, or with a password link. */
function useWayIn(): { readonly text: string; readonly address: string | null } {
  const texts = usePageTexts(withoutMailTexts);
  const isAdmin = useIsOrganizationAdmin();
  if (signInMethod === 'password')
    return { text: `${texts.noMail} ${isAdmin ? texts.createLink : texts.askForLink}`, address: null };
  const address = consoleUrl.href;
  return { text: `${texts.noMail} ${texts.tellAddress(address)}`, address };
}

export function WayIn() {
  const { text, address } = useWayIn();
  return (
    <Alert variant="light">
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ flex: '1 1 16rem', overflowWrap: 'anywhere' }}>
          {text}
        </Text>
        {address && <CopyText value={address} />}
      </Group>
    </Alert>
  );
}

/** What to say of an invitation that was sent again while there is no mail server. */
export function useRenewed(): (who: string) => Saved {
  const texts = usePageTexts(withoutMailTexts);
  const { text, address } = useWayIn();
  const copy = async (value: string) => {
    await navigator.clipboard.writeText(value);
    return { text: texts.copied(value) };
  };
  return (who) => ({
    text: `${texts.renewed(who)} ${text}`,
    next: address ? { label: texts.copyAddress, run: () => copy(address) } : undefined,
  });
}
