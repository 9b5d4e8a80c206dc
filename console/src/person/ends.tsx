import { Anchor, Button, Group, Paper, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { EndNote } from '../access-ends/end-note';
import { RoleEndDialog } from '../access-ends/role-end-dialog';
import { endTexts } from '../access-ends/texts';
import { Fact } from '../common/fact';
import { Loaded } from '../common/loaded';
import {
  type MemberAccess,
  useMemberAccess,
  useOrganizationMemberActions,
} from '../organization-members/use-organization-members';
import { useOrganizationRoles } from '../roles/role-list';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { personTexts } from './texts';
import { nameOf, type Person } from './use-person';

type Props = { person: Person; isSelf: boolean };

type Membership = MemberAccess['membership'];

type Ending = {
  readonly place: string;
  readonly role?: string;
  readonly end: string | null;
  /** The role from then on. */
  readonly next?: string | null;
  /** Who set it. */
  readonly by?: string | null | undefined;
  /** What changes it, or says who can. */
  readonly action: ReactNode;
};

/** All access that ends, the soonest first. That to the organization is always there, since its end is set here. */
export function Ends({ person, isSelf }: Props) {
  const texts = usePageTexts(endTexts);
  const { access: words } = useTexts();
  const endingsOf = useEndings(isSelf);
  return (
    <Loaded query={useMemberAccess(person.id)}>
      {(access) => {
        const { membership } = access;
        const action = <OrganizationEnd membership={membership} person={person} isSelf={isSelf} />;
        const ends = endingsOf(access).filter(({ end }) => end);
        return (
          <Paper withBorder p="md" component="section">
            <Title order={2} size="h5" mb="xs">
              {texts.label}
            </Title>
            <dl className="facts">
              {[{ place: words.organization, ...endOf(membership), action }, ...ends]
                .toSorted((one, other) => timeOf(one) - timeOf(other))
                .map((ending) => (
                  <Fact key={`${ending.place} ${ending.role}`} label={ending.place}>
                    <Group justify="space-between" gap="xs">
                      <div>
                        {ending.role}
                        {ending.end ? <EndNote {...ending} /> : <div>{texts.never}</div>}
                      </div>
                      {ending.action}
                    </Group>
                  </Fact>
                ))}
            </dl>
          </Paper>
        );
      }}
    </Loaded>
  );
}

const timeOf = ({ end }: Ending) => (end ? Date.parse(end) : Number.MAX_VALUE);

const endOf = (membership: Membership) => ({
  role: membership.role_name,
  end: membership.access_expires_at,
  next: membership.reverts_to_role_name,
  by: membership.access_expires_set_by?.email,
});

/**
 * In workspaces, and by user groups. What a group gives in a workspace is listed if it ends before the membership in the
 * group. An organization admin keeps the access to all workspaces.
 */
function useEndings(isSelf: boolean) {
  const { inWorkspace } = usePageTexts(endTexts);
  const texts = usePageTexts(personTexts);
  const { access: words } = useTexts();
  const path = `/organizations/${usePlace().orgId}`;
  const link = (to: string, text: string) =>
    !isSelf && (
      <Anchor component={Link} to={`${path}/${to}`} size="sm">
        {text}
      </Anchor>
    );
  const inGroup = (id: string) => link(`settings/user-groups/${id}`, texts.inGroup);
  return ({ workspaces, user_groups: groups, email }: MemberAccess): Ending[] => {
    const endOfGroup = (id: string) => groups.find((one) => one.user_group_id === id)?.access_expires_at;
    return [
      ...groups.map(({ user_group_id: id, user_group_name: name, access_expires_at: end }) => {
        return { place: texts.group(name), end, action: inGroup(id) };
      }),
      ...workspaces
        .filter(({ reason }) => reason !== 'organization_admin')
        .flatMap(({ workspace_id: id, workspace_name: place, membership, user_groups: grants }) => {
          const list = `workspaces/${id}/members?q=${encodeURIComponent(email)}`;
          const own = membership && { place, ...endOf(membership), action: link(list, inWorkspace) };
          const given = grants
            .filter(({ user_group_id: one, access_expires_at: end }) => endOfGroup(one) !== end)
            .map(({ user_group_id: groupId, user_group_name: group, role_name: role, ...grant }) => {
              const by = `${role}, ${words.byGroup(group)}`;
              return { place, role: by, end: grant.access_expires_at, action: inGroup(groupId) };
            });
          return own ? [own, ...given] : given;
        }),
    ];
  };
}

/** Changes the end of the membership, or says who can. */
function OrganizationEnd({ membership, person, isSelf }: Props & { membership: Membership }) {
  const texts = usePageTexts(endTexts);
  const { data: roles = [] } = useOrganizationRoles();
  const { ends } = useOrganizationMemberActions();
  const [isOpen, dialog] = useDisclosure();
  const isFixed = membership.source === 'scim' || membership.source === 'sso_group';
  if (isFixed) return <span>{texts.fixed}</span>;
  if (isSelf) return membership.access_expires_at && <span>{texts.ownEnd}</span>;
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={dialog.open}>
        {texts.change}
      </Button>
      {isOpen && (
        <RoleEndDialog
          member={{ ...membership, id: person.id }}
          who={nameOf(person)}
          roles={roles}
          requests={ends}
          onClose={dialog.close}
        />
      )}
    </>
  );
}
