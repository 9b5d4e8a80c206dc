import type { HeldOrgRole, HeldPlace } from '../../members/index.js';
import { systemRole } from '../../rbac/index.js';
import type { GroupRoles } from './group-roles.js';

export type RoleChanges = {
  readonly orgRoles: readonly { userId: string; roleId: string }[];
  readonly given: readonly { userId: string; workspaceId: string; roleId: string }[];
  /** Ids of places. */
  readonly taken: readonly string[];
};

const ORG_USER = systemRole('ORGANIZATION_USER').id;

/**
 * From what people hold to what their groups give. Groups win over every other source, and take back only what they gave
 * (contract decision 33); who is in none any more stays Organization User (contract decision 41).
 */
export function roleChanges(
  held: { orgRoles: readonly HeldOrgRole[]; places: readonly HeldPlace[] },
  rolesOf: (userId: string) => GroupRoles,
): RoleChanges {
  const places = Map.groupBy(held.places, ({ userId }) => userId);
  const people = held.orgRoles.map((orgRole) => ({
    ...orgRole,
    wanted: rolesOf(orgRole.userId),
    places: places.get(orgRole.userId) ?? [],
  }));
  return {
    orgRoles: people.flatMap(changedOrgRole),
    given: people.flatMap(givenPlaces),
    taken: people.flatMap(({ wanted, places: own }) =>
      own
        .filter(({ source, workspaceId }) => source === 'scim' && !wanted.places.has(workspaceId))
        .map(({ id }) => id),
    ),
  };
}

type Person = HeldOrgRole & { wanted: GroupRoles; places: readonly HeldPlace[] };

function changedOrgRole({ userId, roleId, source, wanted }: Person) {
  const isOurs = source === 'scim';
  const next = wanted.orgRoleId ?? (isOurs ? ORG_USER : roleId);
  const isSettled = next === roleId && (isOurs || wanted.orgRoleId === null);
  return isSettled ? [] : [{ userId, roleId: next }];
}

function givenPlaces({ userId, wanted, places }: Person) {
  const own = new Map(places.map((place) => [place.workspaceId, place]));
  return [...wanted.places].flatMap(([workspaceId, roleId]) => {
    const place = own.get(workspaceId);
    const isSettled = place?.roleId === roleId && place.source === 'scim';
    return isSettled ? [] : [{ userId, workspaceId, roleId }];
  });
}
