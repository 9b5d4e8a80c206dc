import type { Problem } from '../errors/domain-error.js';
import type { Permission } from './permissions.js';
import type { OrgPrincipal, ScimPrincipal, WorkspacePrincipal } from './principal.js';

/** For a SCIM token that an operator created, the user who created it is compared. */
export type AccessCaller = OrgPrincipal | ScimPrincipal;

/**
 * Whose rights change. `memberId`: a user or a service account of the organization. `memberOf`: each member of the user
 * groups, to whom those of the changes apply whose groups they are in; if there is none, a user who has nothing else.
 * Otherwise a service key, a pending invitation or somebody new, who has no groups, and in the workspace only this role,
 * or none.
 */
export type AccessSubject =
  | { readonly memberId: string }
  | { readonly memberOf: readonly string[] }
  | { readonly roleId: string | null; readonly name: string };

/** What a user group gives in a workspace; `policyIds` are attached to the group, for this workspace or for all. */
export type GroupGrant = { readonly roleId: string; readonly policyIds: readonly string[] };

/** `id` and `name` are those of the group or child whose members get the role and the policies. */
export type GrantedGroup = GroupGrant & {
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
};

/** What the subject has by a user group before and after the change. */
export type GroupChange = {
  readonly id: string;
  readonly name: string;
  readonly before: GroupGrant | null;
  readonly after: GroupGrant | null;
};

/** What a change does to one subject in one workspace. Roles are known workspace roles. */
export type RightsChange = {
  readonly subject: AccessSubject;
  /** Null for all of the organization, where only a key that covers all of them holds anything. */
  readonly workspaceId: string | null;
  /** The subject's own role afterwards; null for none, absent if it stays. */
  readonly roleId?: string | null;
  /** The role is given only to a user who has no role of their own there. */
  readonly unlessMember?: boolean;
  /** The subject gets the role once more, after an end of all that they have there. */
  readonly asNew?: boolean;
  /** Absent if what the subject has by groups stays. */
  readonly groups?: readonly GroupChange[];
};

/** Why a change exceeds what the caller holds (docs/contract/members.md#no-escalation). */
export type Excess = {
  readonly reason:
    'assigned' | 'restricted-role' | 'switched-on' | 'deny-policy-ends' | 'deny-policy-of-caller' | 'taken';
  /** Whether the role that exceeds is one that the request gives, replaces or removes. */
  readonly isRequested: boolean;
  /** The role that exceeds, unless the reason is a deny policy. */
  readonly roleName: string | null;
  /** The user group by which the subject has this role; null for an own role. */
  readonly groupName: string | null;
  /** What exceeds, where, and who can make the change. */
  readonly message: string;
};

/** Permissions in a workspace, or in the organization and thereby in all workspaces (null). */
export type PlaceOfRights = {
  readonly workspaceId: string | null;
  readonly permissions: ReadonlySet<Permission>;
};

/**
 * Until when somebody holds all of the permissions that they hold at all, by whatever roles; Infinity: it does not end. In milliseconds since the
 * Unix epoch.
 */
export type EndOf = (place: PlaceOfRights) => number;

/** Null if the caller may make the change. For changes within those that the comparison was loaded for. */
export type ExcessOf = (change: RightsChange) => Excess | null;

/**
 * Compares what a change gives and takes with what its caller holds. Called under the roster lock. Provided by the
 * access module, which reads the tables of the modules that ask.
 */
export abstract class AccessLimits {
  /** One statement for all changes; none for callers who may grant Organization Admin. */
  abstract load(caller: AccessCaller, changes: readonly RightsChange[]): Promise<ExcessOf>;

  /**
   * `rows`: the place of each change in the request; then all that exceed are named.
   *
   * @throws RoleIsRestricted, RoleNotGrantable, UserGroupExceedsRights or ChangeExceedsRights for the first change that
   *   exceeds
   */
  abstract assertWithin(
    caller: AccessCaller,
    changes: readonly RightsChange[],
    rows?: readonly Problem['loc'][],
  ): Promise<void>;

  /** Whether anything that the caller acts by has an end (docs/contract/members.md#what-a-caller-whose-access-ends-gives). */
  abstract isTemporary(caller: OrgPrincipal): Promise<boolean>;

  /** Of a user by their roles at the moment; of a service key or SCIM token what is stored of it. */
  abstract loadEnds(caller: OrgPrincipal): Promise<EndOf>;

  /** Of members of the organization, by user. */
  abstract loadEndsOf(orgId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, EndOf>>;

  /**
   * For writing tag keys with these names, their values or their taggings in the workspace of the request
   * (docs/contract/tags.md#access-policies).
   * @throws ChangeExceedsRights if a policy that is attached there compares one of the keys and names a permission that
   *   the caller does not hold there
   */
  abstract assertMayWriteTags(caller: WorkspacePrincipal, keys: readonly string[]): Promise<void>;
}
