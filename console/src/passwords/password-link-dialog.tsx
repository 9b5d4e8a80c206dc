import { Button, Group, Stack, Text } from '@mantine/core';
import { CreatedSecret } from '../common/created-secret';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { usePageTexts, useTexts, useRecentTimes } from '../texts/texts';
import { passwordTexts } from './texts';
import { useCreateLink } from './use-password-links';

type Props = {
  readonly kind: 'member' | 'invitation';
  readonly id: string;
  readonly who: string;
  readonly onClose: () => void;
};

/** Says what a password link is, creates it, and shows it once. */
export function PasswordLinkDialog({ kind, id, who, onClose }: Props) {
  const texts = usePageTexts(passwordTexts);
  const { common } = useTexts();
  const time = useRecentTimes();
  const create = useCreateLink(kind);
  return (
    <Dialog title={texts.createTitle(who)} size="lg" closesOnClickOutside={false} onClose={onClose}>
      {create.data ? (
        <CreatedSecret
          value={create.data.url}
          text={texts.shownOnce(time(create.data.end))}
          onClose={onClose}
        />
      ) : (
        <Stack>
          <Text size="sm">{kind === 'member' ? texts.createText(who) : texts.createInvitationText(who)}</Text>
          <Text size="sm">{texts.createConsequences}</Text>
          {create.error && <Problem error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button data-autofocus loading={create.isPending} onClick={() => create.mutate(id)}>
              {texts.createButton}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
