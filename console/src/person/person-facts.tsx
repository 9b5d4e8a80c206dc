import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { Fact } from '../common/fact';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { useMemberAccess } from '../organization-members/use-organization-members';
import { useSaved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { useDates, usePageTexts, useRecentTimes } from '../texts/texts';
import { personTexts } from './texts';
import { nameOf, type Person, useEndSessions, useSessions } from './use-person';

type Props = { person: Person; isSelf: boolean };

/** Since when and how a person takes part. */
export function PersonFacts({ person, isSelf }: Props) {
  const texts = usePageTexts(personTexts);
  const date = useDates();
  const time = useRecentTimes();
  const isAdmin = useIsOrganizationAdmin();
  const { created_at: since, last_active_at: lastActive } = person;
  const methods = new Set(
    (person.linked_login_methods ?? []).map(({ provider = '' }) => texts.methods[provider] ?? provider),
  );
  const groups = (person.scim_groups ?? []).map(({ name }) => name);
  return (
    <dl className="facts">
      <Fact label={texts.since}>{since ? date(since) : '–'}</Fact>
      <Fact label={texts.lastActive}>{lastActive ? time(lastActive) : texts.neverActive}</Fact>
      <Fact label={texts.signsInWith}>{methods.size > 0 ? [...methods].join('\n') : texts.noMethod}</Fact>
      {groups.length > 0 && <Fact label={texts.providerGroups}>{groups.join('\n')}</Fact>}
      <UserGroups identityId={person.id} />
      {isAdmin && (
        <Fact label={texts.sessions}>
          <Sessions person={person} isSelf={isSelf} />
        </Fact>
      )}
    </dl>
  );
}

/** Nothing before they are known, since most members are in none. */
function UserGroups({ identityId }: { identityId: string }) {
  const texts = usePageTexts(personTexts);
  const { data } = useMemberAccess(identityId);
  if (!data?.user_groups.length) return null;
  return (
    <Fact label={texts.userGroups}>
      <Stack gap={0} align="flex-start">
        {data.user_groups.map(({ user_group_id: id, user_group_name: name }) => (
          <Anchor key={id} component={Link} to={`../../user-groups/${id}`} relative="path" size="sm">
            {name}
          </Anchor>
        ))}
      </Stack>
    </Fact>
  );
}

function Sessions({ person, isSelf }: Props) {
  const texts = usePageTexts(personTexts);
  const time = useRecentTimes();
  const saved = useSaved();
  const end = useEndSessions(person.id);
  const [isAsking, dialog] = useDisclosure();
  return (
    <Loaded query={useSessions(person.id)}>
      {({ count, last_used_at: lastUsed }) => (
        <Group gap="xs">
          <span>{count > 0 && lastUsed ? texts.sessionCount(count, time(lastUsed)) : texts.noSessions}</span>
          {isSelf ? (
            <Anchor component={Link} to="../../sessions" relative="path" size="sm">
              {texts.ownSessions}
            </Anchor>
          ) : (
            count > 0 && (
              <Button variant="default" size="compact-sm" onClick={dialog.open}>
                {texts.endSessions}
              </Button>
            )
          )}
          {isAsking && (
            <ConfirmDialog
              title={texts.endTitle(nameOf(person))}
              text={texts.endText}
              action={texts.endSessions}
              change={end}
              input={undefined}
              onDone={() => saved({ text: texts.ended(nameOf(person)) })}
              onClose={dialog.close}
            />
          )}
        </Group>
      )}
    </Loaded>
  );
}
