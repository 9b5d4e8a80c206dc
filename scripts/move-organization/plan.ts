import type { Organization, Person, Role } from './organization.ts';

export type Invitation = {
  readonly email: string;
  readonly fullName: string | null;
  readonly role: string | null;
  /** Names of workspaces, all with one role, since an invitation has only one for all of them. */
  readonly workspaces: readonly string[];
  readonly workspaceRole: string | null;
};
type Placement = { readonly person: Person; readonly workspace: string; readonly role: string };

/** What the target lacks. Nothing there is changed or removed. */
export type Plan = {
  readonly roles: readonly Role[];
  readonly workspaces: readonly string[];
  readonly invitations: readonly Invitation[];
  /** Of people who have joined the target. */
  readonly placements: readonly Placement[];
  /** What is left to people, or to a later run. */
  readonly remarks: readonly { readonly subject: string; readonly remark: string }[];
};

/** Permissions that no role of the target has, not even the shipped ones, are left out of roles. */
export function planMove(source: Organization, target: Organization): Plan {
  const permissions = new Set(target.roles.flatMap((role) => role.permissions));
  const known = new Map(target.people.map((person) => [person.email, person]));
  const plans = source.people.map((person) => planPerson(person, known.get(person.email)));
  const missing = source.roles.filter(
    ({ key, isCustom }) => isCustom && !target.roles.some((role) => role.key === key),
  );
  const lost = missing.flatMap((role) =>
    role.permissions
      .filter((permission) => !permissions.has(permission))
      .map((permission) => ({ subject: role.key, remark: `the target has no permission ${permission}` })),
  );
  return {
    roles: missing.map((role) => ({
      ...role,
      permissions: role.permissions.filter((permission) => permissions.has(permission)),
    })),
    workspaces: source.workspaces
      .map(({ name }) => name)
      .filter((name) => !target.workspaces.some((workspace) => workspace.name === name)),
    invitations: plans.flatMap(({ invitation }) => invitation ?? []),
    placements: plans.flatMap(({ placements = [] }) => placements),
    remarks: [
      ...lost,
      ...plans.flatMap(({ remarks = [] }, index) =>
        remarks.map((remark) => ({ subject: source.people[index]?.email ?? '', remark })),
      ),
    ],
  };
}

type PersonPlan = {
  readonly invitation?: Invitation;
  readonly placements?: readonly Placement[];
  readonly remarks?: readonly string[];
};

function planPerson(person: Person, existing: Person | undefined): PersonPlan {
  if (!existing)
    return person.state === 'disabled' ? { remarks: ['is deactivated: left out'] } : invite(person);
  const remarks =
    existing.role === person.role
      ? []
      : [`is ${existing.role} at the target and ${person.role} at the source: left as is`];
  const lacking = [...person.places].filter(([workspace]) => !existing.places.has(workspace));
  if (existing.state === 'active')
    return {
      placements: lacking.map(([workspace, role]) => ({ person: existing, workspace, role })),
      remarks,
    };
  if (lacking.length === 0) return { remarks };
  return {
    remarks: [...remarks, `is ${existing.state}: run again after they joined, for ${namesOf(lacking)}`],
  };
}

/** The workspaces with the role that the person holds most often; the others follow once they have joined. */
function invite({ email, fullName, role, places }: Person): PersonPlan {
  const byRole = [...Map.groupBy(places, ([, held]) => held)].toSorted(([, a], [, b]) => b.length - a.length);
  const [[workspaceRole, first] = [null, []], ...others] = byRole;
  const later = others.flatMap(([, held]) => held);
  return {
    invitation: { email, fullName, role, workspaces: first.map(([name]) => name), workspaceRole },
    remarks: later.length === 0 ? [] : [`run again after they joined, for ${namesOf(later)}`],
  };
}

const namesOf = (places: readonly (readonly [string, string])[]) => places.map(([name]) => name).join(', ');
