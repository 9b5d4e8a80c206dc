import { isDeepStrictEqual } from 'node:util';
import { type Holdings, may, mayIfNothingDenied, Oracle, type Probe, type Subject } from './oracle.js';
import type { Rows } from './rows.js';

/** The state before and after a change, and who made it. */
export type Change = { before: Rows; after: Rows; caller: Subject };

/** A resource without tags, and one for each value that policies of the tests compare. */
const TAGS: readonly Probe['tags'][] = [{}, { Team: ['A'] }, { Team: ['B'] }, { Env: ['A'] }];

/** Every permission without a resource; those of policies with a resource of their type, too. */
export function probesOf({ roles, policies }: Rows): Probe[] {
  const all = new Set(roles.flatMap(({ permissions }) => permissions).filter(isOfWorkspaces));
  const named = new Map(
    policies
      .flatMap(({ groups }) => groups)
      .map(({ permission, resourceType: type }) => [`${permission} ${type}`, { permission, type }]),
  );
  return [
    ...[...all].map((permission) => ({ permission, type: null, tags: {} })),
    ...[...named.values()].flatMap((one) => TAGS.map((tags) => ({ ...one, tags }))),
  ];
}

const isOfWorkspaces = (permission: string): boolean => !permission.startsWith('organization:');

/**
 * What subjects may do after the change and could not before, while the caller could not either; as sentences. A subject
 * who was not in a workspace and is in it now could do nothing there before. New workspaces are left out.
 */
export function gainsBeyond({ before, after, caller }: Change, except?: string): string[] {
  const [earlier, later] = [Oracle.of(before), Oracle.of(after)];
  const probes = probesOf(after);
  return eachPlace(before, later, (subject, workspace) => {
    if (workspace === except || isLess(earlier, later, subject, workspace)) return [];
    const joins = !earlier.isIn(subject, workspace) && later.isIn(subject, workspace);
    const [old, now] = [earlier.asIfMember(subject, workspace), later.asIfMember(subject, workspace)];
    if (!joins && isDeepStrictEqual(old, now)) return [];
    const own = earlier.now(caller, workspace);
    return probes
      .filter((probe) => may(now, probe) && (joins || !may(old, probe)) && !may(own, probe))
      .map((probe) => sentence(after, subject, 'gains', probe, workspace));
  });
}

/**
 * What subjects lose that the caller did not have; policies that deny do not count. An expired invitation is replaced
 * without the workspaces that the caller may not give, so nothing is lost with it.
 */
export function lossesBeyond({ before, after, caller }: Change): string[] {
  const [earlier, later] = [Oracle.of(before), Oracle.of(after)];
  const probes = probesOf(before);
  return eachPlace(before, earlier, (subject, workspace) => {
    if (isLess(later, earlier, subject, workspace) || earlier.hasExpired(subject, workspace)) return [];
    const leaves = earlier.isIn(subject, workspace) && !later.isIn(subject, workspace);
    const [old, now] = [earlier.asIfMember(subject, workspace), later.asIfMember(subject, workspace)];
    if (!leaves && isDeepStrictEqual(old, now)) return [];
    const own = earlier.now(caller, workspace);
    return probes
      .filter((probe) => mayIfNothingDenied(old, probe) && (leaves || !mayIfNothingDenied(now, probe)))
      .filter((probe) => !mayIfNothingDenied(own, probe))
      .map((probe) => sentence(before, subject, 'loses', probe, workspace));
  });
}

/** Whether the subject is in the workspace only as the first oracle sees it. */
const isLess = (one: Oracle, other: Oracle, subject: Subject, workspace: string): boolean =>
  one.isIn(subject, workspace) && !other.isIn(subject, workspace);

/** What a change of tags lets subjects do with a resource although no role of the caller permits it. */
export function tagGainsBeyond({ before, after, caller }: Change): string[] {
  const [earlier, later] = [Oracle.of(before), Oracle.of(after)];
  const resources = [...before.taggings, ...after.taggings];
  return eachPlace(before, later, (subject, workspace) => {
    const held: Holdings = later.asIfMember(subject, workspace);
    const own = earlier.now(caller, workspace);
    return resources
      .filter((resource) => resource.workspace === workspace)
      .flatMap(({ type, resource }) =>
        permissionsNamed(after, type).map((permission) => ({
          was: { permission, type, tags: tagsOf(before, workspace, resource) },
          is: { permission, type, tags: tagsOf(after, workspace, resource) },
        })),
      )
      .filter(({ was, is }) => may(held, is) && !may(held, was) && !own.permissions.has(is.permission))
      .map(({ is }) => sentence(after, subject, 'gains', is, workspace));
  });
}

/** Members and invitations that are, or would be, Organization Admins and Operators. */
export function administratorsOf(rows: Rows): string[] {
  const oracle = Oracle.of(rows);
  const ranked = [...rows.members, ...rows.invitations.map((one) => ({ ...one, role: one.org_role }))];
  return ranked
    .map(({ email, role }) => `${email} ${oracle.roleName(role)}`)
    .filter((text) => /ORGANIZATION_(ADMIN|OPERATOR)$/.test(text))
    .sort();
}

const eachPlace = (
  { workspaces }: Rows,
  { subjects }: Oracle,
  find: (subject: Subject, workspace: string) => string[],
): string[] => workspaces.flatMap(({ id }) => subjects.flatMap((subject) => find(subject, id)));

const permissionsNamed = ({ policies }: Rows, type: string): string[] => [
  ...new Set(
    policies
      .flatMap(({ groups }) => groups)
      .filter((group) => group.resourceType === type)
      .map(({ permission }) => permission),
  ),
];

function tagsOf({ taggings }: Rows, workspace: string, resource: string): Probe['tags'] {
  const own = taggings.filter((one) => one.workspace === workspace && one.resource === resource);
  const byKey = Object.entries(Object.groupBy(own, ({ key }) => key));
  return Object.fromEntries(byKey.map(([key, same = []]) => [key, same.map(({ value }) => value)]));
}

function sentence(rows: Rows, { kind, id }: Subject, verb: string, probe: Probe, workspace: string): string {
  const account = rows.accounts.find((one) => one.id === id)?.name;
  const key = rows.keys.find((one) => one.id === id)?.name;
  const place = rows.workspaces.find((one) => one.id === workspace)?.name;
  const on = probe.type === null ? '' : ` on a ${probe.type} tagged ${JSON.stringify(probe.tags)}`;
  return `${kind} ${account ?? key ?? id} ${verb} ${probe.permission}${on} in ${place}`;
}
