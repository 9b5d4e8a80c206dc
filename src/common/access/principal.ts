import type { RequestMetadata } from '../http/request-metadata.decorator.js';
import type { Permission } from './permissions.js';

/** A role as somebody holds it. */
export type HeldRole = {
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
};

export type CredentialKind = 'session' | 'personal-access-token' | 'service-key' | 'scim-token';

/** How a person proved who he is. Break-glass: by password, while single sign-on is the only way for others. */
export type SessionMethod = 'password' | 'sso' | 'break-glass';

/**
 * Who is calling, and in which organization and workspace. `user` is a person (by session or by his token),
 * `service` a key that acts for itself.
 */
export interface Principal {
  readonly kind: 'user' | 'service';
  readonly credential: { readonly kind: CredentialKind; readonly id: string };
  /** How the session began; null for keys. */
  readonly sessionMethod: SessionMethod | null;
  readonly userId: string | null;
  readonly email: string | null;
  readonly orgId: string | null;
  /** Null for a key that is limited to workspaces, and where there is no organization. */
  readonly orgRole: HeldRole | null;
  readonly workspaceId: string | null;
  readonly workspaceRole: HeldRole | null;
  /** What a service key may do, and in which workspaces (null = in all); people's roles are looked up. */
  readonly key: { readonly role: HeldRole; readonly workspaceIds: readonly string[] | null } | null;
  /** The caller named the organization; otherwise it was derived from the credential. */
  readonly isOrgExplicit: boolean;
  readonly request: RequestMetadata;
  can(permission: Permission): boolean;
  /**
   * Throws when the caller would not be let in, or not with these rights, any more: RightsChanged, or what the guards
   * throw. For `Transaction.runAs`, under the lock that orders changes of rights.
   */
  revalidate(): Promise<void>;
}

/** A caller as far as the audit log names him. */
export type AuthenticatedActor = Pick<
  Principal,
  'credential' | 'userId' | 'orgId' | 'workspaceId' | 'request'
>;

/** Guaranteed by `@RequirePermission`. */
export type OrgPrincipal = Principal & { readonly orgId: string };
/** Guaranteed by `@RequirePermission('workspaces:…')` and `@InWorkspace`. */
export type WorkspacePrincipal = OrgPrincipal & { readonly workspaceId: string };
/** An identity provider; guaranteed by `@ScimTokenOnly`. */
export type ScimPrincipal = OrgPrincipal & {
  readonly kind: 'service';
  readonly userId: null;
  /** False for a token that an operator made: it stays within that operator's reach (contract decision 51). */
  readonly makesAdmins: boolean;
  /** The user who made the token; null if it was made with a service key. */
  readonly madeByUserId: string | null;
};
/** Guaranteed by `@SignedIn`. */
export type UserPrincipal = Principal & {
  readonly kind: 'user';
  readonly userId: string;
  readonly email: string;
};
