import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { OuterPage } from '../common/outer/outer-page';
import { useChange } from '../api/use-change';
import { Problem } from '../common/problem';
import { Waiting } from '../common/loaded';
import { type PageTexts, usePageTexts } from '../texts/texts';
import { SESSION_KEY } from '../session/use-session';

const en = {
  title: 'Invitations',
  text: 'These organizations invite you.',
  accept: 'Join',
  decline: 'Decline',
  none: 'You have no open invitations.',
  toConsole: 'Continue',
};
const de: typeof en = {
  title: 'Einladungen',
  text: 'Diese Organisationen laden Sie ein.',
  accept: 'Beitreten',
  decline: 'Ablehnen',
  none: 'Sie haben keine offenen Einladungen.',
  toConsole: 'Weiter',
};
const invitationTexts: PageTexts<typeof en> = { en, de };

const KEY = ['own-invitations'];

type Invitation = Schemas['OrganizationPGSchemaSlim'];

export const useOwnInvitations = (isAsked = true) =>
  useQuery({
    queryKey: KEY,
    queryFn: () => dataOf(apiIn({}).GET('/api/v1/orgs/pending')),
    enabled: isAsked,
  });

/** The organizations that invite the signed-in user. */
export function InvitationsPage() {
  const texts = usePageTexts(invitationTexts);
  const { data, error, refetch } = useOwnInvitations();
  return (
    <OuterPage title={texts.title}>
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && <Waiting />}
      {data && <Text size="sm">{data.length > 0 ? texts.text : texts.none}</Text>}
      {data?.map((invitation) => (
        <InvitationCard key={invitation.id} invitation={invitation} />
      ))}
      <Button component={Link} to="/" variant="default">
        {texts.toConsole}
      </Button>
    </OuterPage>
  );
}

function InvitationCard({ invitation }: { invitation: Invitation }) {
  const texts = usePageTexts(invitationTexts);
  const params = { path: { organization_id: invitation.id ?? '' } };
  const accept = useChange(
    () => dataOf(apiIn({}).POST('/api/v1/orgs/pending/{organization_id}/claim', { params })),
    KEY,
    SESSION_KEY,
  );
  const decline = useChange(
    () => dataOf(apiIn({}).DELETE('/api/v1/orgs/pending/{organization_id}', { params })),
    KEY,
    SESSION_KEY,
  );
  const error = accept.error ?? decline.error;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Text fw={600}>{invitation.display_name}</Text>
        {error && <Problem error={error} />}
        <Group>
          <Button size="sm" loading={accept.isPending} onClick={() => accept.mutate()}>
            {texts.accept}
          </Button>
          <Button size="sm" variant="default" loading={decline.isPending} onClick={() => decline.mutate()}>
            {texts.decline}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
