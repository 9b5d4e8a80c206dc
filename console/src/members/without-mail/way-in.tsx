import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyText } from '../../common/copy-text';
import { consoleUrl, passwordLinks, signInMethod } from '../../page/page-settings';
import type { Saved } from '../../saved/saved';
import { useIsOrganizationAdmin } from '../../session/use-organization';
import { usePageTexts } from '../../texts/texts';
import { type Invited, PasswordLinksDialog } from './password-links-dialog';
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

/** `invited`: for whom nothing was mailed. */
export function WayIn({ invited }: { invited: readonly Invited[] }) {
  const { text, address } = useWayIn();
  const texts = usePageTexts(withoutMailTexts);
  const handsOver = passwordLinks === 'handed-over' && useIsOrganizationAdmin();
  const [waiting, setWaiting] = useState(invited);
  const [isCreating, setIsCreating] = useState(false);
  const isOffered = handsOver && waiting.length > 0;
  return (
    <Alert variant="light" p="sm">
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ flex: '1 1 16rem', overflowWrap: 'anywhere' }}>
          {isOffered ? texts.linksForAll : text}
        </Text>
        {address && <CopyText value={address} />}
        {isOffered && (
          <Button size="compact-sm" onClick={() => setIsCreating(true)}>
            {texts.createFor(waiting.length)}
          </Button>
        )}
      </Group>
      {isCreating && (
        <PasswordLinksDialog
          rows={waiting}
          keys={[['organization-members']]}
          onDone={(rest) => setWaiting(rest)}
          onClose={() => setIsCreating(false)}
        />
      )}
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
