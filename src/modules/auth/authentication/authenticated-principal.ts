import type { Permission } from '../../../common/access/permissions.js';
import type { HeldRole, Principal } from '../../../common/access/principal.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import type { CallerFacts } from './caller-facts.js';

/** An authenticated caller, as guards and services see it. */
export class AuthenticatedPrincipal implements Principal {
  readonly kind: Principal['kind'];
  readonly credential: Principal['credential'];
  readonly sessionMethod: Principal['sessionMethod'];
  readonly userId: string | null;
  readonly email: string | null;
  readonly orgId: string | null;
  readonly orgRole: HeldRole | null;
  readonly workspaceId: string | null;
  readonly workspaceRole: HeldRole | null;
  readonly key: Principal['key'];
  readonly isOrgExplicit: boolean;

  constructor(
    readonly facts: CallerFacts,
    readonly request: RequestMetadata,
    readonly revalidate: Principal['revalidate'],
  ) {
    Object.assign(this, facts);
  }

  /** Whether a role in the organization or in the workspace of the request includes the permission. */
  can(permission: Permission): boolean {
    return (
      (this.orgRole?.permissions.has(permission) ?? false) ||
      (this.workspaceRole?.permissions.has(permission) ?? false)
    );
  }
}
