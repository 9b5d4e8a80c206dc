import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { RoleEndDialog } from '../access-ends/role-end-dialog';
import { endTexts } from '../access-ends/texts';
import { Fact } from '../common/fact';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { useOrganizationRoles } from '../roles/role-list';
import {
  useMemberAccess,
  useOrganizationMemberActions,
} from '../organization-members/use-organization-members';
import { useSaved } from '../saved/saved';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { useDates, useMinutes, usePageTexts, useRecentTimes } from '../texts/texts';
import { personTexts } from './texts';
import { nameOf, type Person, useEndSessions, useSessions } from './use-person';

type Props = { person: Person; isSelf: boolean };

/** What is known of a person at a glance. */
export function PersonFacts({ person, isSelf }: Props) {
  const texts = usePageTexts(personTexts);
  const ends = usePageTexts(endTexts);
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
      <Fact label={texts.address}>{person.email}</Fact>
      <Fact label={texts.role}>{person.role_name}</Fact>
      <Fact label={ends.label}>
        <End person={person} isSelf={isSelf} />
      </Fact>
      {person.is_disabled && <Fact label={texts.state}>{texts.disabled}</Fact>}
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

/** Until when the membership lasts and what follows, and how to change it. */
function End({ person, isSelf }: Props) {
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  const { data: roles = [] } = useOrganizationRoles();
  const { ends } = useOrganizationMemberActions();
  const [isOpen, dialog] = useDisclosure();
  return (
    <Loaded query={useMemberAccess(person.id)}>
      {({ membership }) => {
        const { access_expires_at: end, access_expires_set_by: by, reverts_to_role_name: next } = membership;
        const isFixed = membership.source === 'scim' || membership.source === 'sso_group';
        const until = !end ? texts.never : next ? texts.untilThen(time(end), next) : texts.until(time(end));
        return (
          <Group gap="xs">
            <span>{by?.email ? until + texts.setBy(by.email) : until}</span>
            {!isSelf && !isFixed && (
              <Button variant="default" size="compact-sm" onClick={dialog.open}>
                {texts.change}
              </Button>
            )}
            {isFixed && <span>{texts.fixed}</span>}
            {end && isSelf && <span>{texts.ownEnd}</span>}
            {isOpen && (
              <RoleEndDialog
                member={{ ...membership, id: person.id }}
                who={nameOf(person)}
                roles={roles}
                requests={ends}
                onClose={dialog.close}
              />
            )}
          </Group>
        );
      }}
    </Loaded>
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
