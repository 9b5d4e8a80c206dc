import { chunks, unique } from '../../../common/collections.js';
import type { AuditDetails } from '../../audit/index.js';

type OrgRole = { readonly userId: string; readonly roleId: string };
type WorkspaceRole = OrgRole & { readonly workspaceId: string };
/** `fromRoleId`: the role before the change. */
type Changed<T extends OrgRole> = T & { readonly fromRoleId: string };

/** What a change did to memberships of an organization and its workspaces; absent is nothing. */
export type MembershipChanges = {
  readonly orgAdded?: readonly OrgRole[];
  readonly orgChanged?: readonly Changed<OrgRole>[];
  readonly orgRemoved?: readonly OrgRole[];
  readonly added?: readonly WorkspaceRole[];
  readonly changed?: readonly Changed<WorkspaceRole>[];
  readonly removed?: readonly WorkspaceRole[];
};

/** Role ids by user id, of workspaces by workspace id. The module `events` reads them (docs/decisions/0104). */
export const membershipFacts = (changes: MembershipChanges): AuditDetails => ({
  ...named('org_members_added', byUser(changes.orgAdded, roleOf)),
  ...named('org_roles_changed', byUser(changes.orgChanged?.filter(isOther), rolesOf)),
  ...named('org_members_removed', byUser(changes.orgRemoved, roleOf)),
  ...named('workspace_members_added', byWorkspace(changes.added, roleOf)),
  ...named('workspace_roles_changed', byWorkspace(changes.changed?.filter(isOther), rolesOf)),
  ...named('workspace_members_removed', byWorkspace(changes.removed, roleOf)),
});

/** The same in parts with at most so many users each, for as many audit entries. */
export function membershipFactsInParts(changes: MembershipChanges, usersPerPart: number): AuditDetails[] {
  const users = unique(
    Object.values(changes).flatMap((rows: readonly OrgRole[]) => rows.map(({ userId }) => userId)),
  );
  return chunks(users, usersPerPart).map((some) => membershipFacts(changesFor(some, changes)));
}

/** What a change did to these users. */
export function changesFor(userIds: readonly string[], changes: MembershipChanges): MembershipChanges {
  const ids = new Set(userIds);
  const isAmong = ({ userId }: OrgRole) => ids.has(userId);
  return {
    orgAdded: changes.orgAdded?.filter(isAmong) ?? [],
    orgChanged: changes.orgChanged?.filter(isAmong) ?? [],
    orgRemoved: changes.orgRemoved?.filter(isAmong) ?? [],
    added: changes.added?.filter(isAmong) ?? [],
    changed: changes.changed?.filter(isAmong) ?? [],
    removed: changes.removed?.filter(isAmong) ?? [],
  };
}

export const joinChanges = (first: MembershipChanges, second: MembershipChanges): MembershipChanges => ({
  orgAdded: [...(first.orgAdded ?? []), ...(second.orgAdded ?? [])],
  orgChanged: [...(first.orgChanged ?? []), ...(second.orgChanged ?? [])],
  orgRemoved: [...(first.orgRemoved ?? []), ...(second.orgRemoved ?? [])],
  added: [...(first.added ?? []), ...(second.added ?? [])],
  changed: [...(first.changed ?? []), ...(second.changed ?? [])],
  removed: [...(first.removed ?? []), ...(second.removed ?? [])],
});

const roleOf = ({ roleId }: OrgRole) => roleId;
const rolesOf = ({ fromRoleId: from, roleId: to }: Changed<OrgRole>): AuditDetails => ({ from, to });
const isOther = ({ fromRoleId, roleId }: Changed<OrgRole>) => fromRoleId !== roleId;

const byUser = <T extends OrgRole>(
  rows: readonly T[] = [],
  fact: (row: T) => string | AuditDetails,
): AuditDetails => Object.fromEntries(rows.map((row) => [row.userId, fact(row)]));

const byWorkspace = <T extends WorkspaceRole>(
  rows: readonly T[] = [],
  fact: (row: T) => string | AuditDetails,
): AuditDetails =>
  Object.fromEntries(
    [...Map.groupBy(rows, ({ workspaceId }) => workspaceId)].map(([id, some]) => [id, byUser(some, fact)]),
  );

const named = (name: string, facts: AuditDetails): AuditDetails =>
  Object.keys(facts).length > 0 ? { [name]: facts } : {};
