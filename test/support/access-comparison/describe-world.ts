import { Oracle } from './oracle.js';
import type { Rows } from './rows.js';

const nameIn = (list: readonly { id: string; name?: string; title?: string }[], id: string): string => {
  const found = list.find((one) => one.id === id);
  return found?.title ?? found?.name ?? id;
};

/** Who has which roles, policies and groups, for the report of a failure. */
export function describeWorld(rows: Rows): string {
  const emailOf = (user: string) => rows.members.find((one) => one.user === user)?.email ?? user;
  const role = (id: string | null) => (id === null ? 'nothing' : nameIn(rows.roles, id));
  const workspace = (id: string | null) => (id === null ? 'everywhere' : nameIn(rows.workspaces, id));
  const group = (id: string) => nameIn(rows.groups, id);
  const policy = (id: string) => nameIn(rows.policies, id);
  const oracle = Oracle.of(rows);
  return [
    ...rows.members.map(({ email }) => `${email}: ${oracle.orgRoleOf(email)}`),
    ...rows.places.map((one) => `${emailOf(one.user)}: ${role(one.role)} in ${workspace(one.workspace)}`),
    ...rows.offers.map(
      (one) =>
        `${rows.invitations.find(({ id }) => id === one.invitation)?.email}: invited as ${role(one.role)} in ${workspace(one.workspace)}`,
    ),
    ...rows.role_policies.map((one) => `${role(one.role)} has "${policy(one.policy)}"`),
    ...rows.groups
      .filter(({ parent }) => parent !== null)
      .map((one) => `${one.name}: ${role(one.role)} in ${workspace(one.workspace)}`),
    ...rows.group_members.map((one) => `${group(one.group)} contains ${emailOf(one.user)}`),
    ...rows.group_policies.map(
      (one) => `${group(one.group)} has "${policy(one.policy)}" ${workspace(one.workspace)}`,
    ),
    ...rows.keys.map(
      (key) => `${key.name}: ${role(key.role)}, ${key.org_role ? role(key.org_role) : 'of workspaces'}`,
    ),
  ].join('\n');
}
