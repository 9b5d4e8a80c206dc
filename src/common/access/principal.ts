import type { RequestMetadata } from '../http/request-metadata.decorator.js';
import type { CallerRead } from './caller-read.js';
import type { Permission } from './permissions.js';

/** A role with its permissions, as the principal holds it in this request. */
export type HeldRole = {
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
};

/** In a workspace, or in the organization (null). */
export type NeededPermission = { readonly workspaceId: string | null; readonly permission: Permission };

/** `application`: an access token of the authorization server; the id is that of its grant. */
export type CredentialKind =
  'session' | 'personal-access-token' | 'application' | 'service-key' | 'scim-token';

/** How the session was authenticated. Break-glass: by password while single sign-on is required of all other users. */
export type SessionMethod = 'password' | 'sso' | 'break-glass';

/**
 * The authenticated caller with the organization and workspace in which the request acts. `user` is a user (session,
 * personal access token or application), `service` a service key.
 */
export interface Principal {
  readonly kind: 'user' | 'service';
  readonly credential: { readonly kind: CredentialKind; readonly id: string };
  /** Null for other credentials than sessions. */
  readonly sessionMethod: SessionMethod | null;
  readonly userId: string | null;
  readonly email: string | null;
  readonly orgId: string | null;
  /** Null for a key that is limited to workspaces, and without an organization. */
  readonly orgRole: HeldRole | null;
  readonly workspaceId: string | null;
  readonly workspaceRole: HeldRole | null;
  /**
   * Role and workspaces of a service key (`workspaceIds` null: all workspaces); null for users, whose roles are looked
   * up.
   */
  readonly key: { readonly role: HeldRole; readonly workspaceIds: readonly string[] | null } | null;
  /** Whether a rotation has replaced the secret of the request, which is still valid; by the last check of the credential. */
  readonly usesReplacedSecret: () => boolean;
  /** When the rights end with which a service key or SCIM token was created, by the last check of the credential; null: never, and for users. */
  readonly rightsEndAt: () => Date | null;
  /** What the change needs: by its route, and what is found later, as it depends on the request. */
  readonly needs: NeededPermission[];
  /** True if the request names the organization, false if it was derived from the credential. */
  readonly isOrgExplicit: boolean;
  readonly request: RequestMetadata;
  /** The user themselves, or the user who made the key; null if that is unknown. */
  readonly madeByUserId: string | null;
  can(permission: Permission): boolean;
  /** What the route reads with the caller; null if it has to be read in another way. */
  loaded<Value>(read: CallerRead<Value>): Value | null;
  /**
   * Checks credential, access and rights again. For `Transaction.as`, under the lock that serializes changes of
   * rights.
   *
   * @throws RightsChanged if the rights have changed, or the error with which the guards would refuse the request
   */
  revalidate(): Promise<void>;
}

/** The identity of a caller as the audit log records it. */
export type AuthenticatedActor = Pick<
  Principal,
  'credential' | 'userId' | 'orgId' | 'workspaceId' | 'request'
>;

/** Guaranteed by `@OrgQuery` and `@OrgCommand`. */
export type OrgPrincipal = Principal & { readonly orgId: string };
/** Guaranteed by `@WorkspaceQuery` and `@WorkspaceCommand` with a permission of workspaces or `in-workspace`. */
export type WorkspacePrincipal = OrgPrincipal & { readonly workspaceId: string };
/** A SCIM client; guaranteed by `@ScimController`. */
export type ScimPrincipal = OrgPrincipal & {
  readonly kind: 'service';
  readonly userId: null;
  /**
   * False for a token that an Organization Operator created: it is limited to what that role may do
   * (docs/contract/members.md#operators).
   */
  readonly makesAdmins: boolean;
  /** The user who created the token; null if a service key created it. */
  readonly madeByUserId: string | null;
};
/** Guaranteed by `@OwnQuery` and `@OwnCommand`. */
export type UserPrincipal = Principal & {
  readonly kind: 'user';
  readonly userId: string;
  readonly email: string;
};
