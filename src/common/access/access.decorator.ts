import { applyDecorators, createParamDecorator, SetMetadata } from '@nestjs/common';
import type { AuditOperation } from '../http/operations/audit-operations.js';
import { Audited, type Returned, returning } from '../http/operations/operation.decorator.js';
import { ApiExtension, ApiSecurity } from '../http/operations/swagger.decorator.js';
import { ACCESS_RULE, type AccessRule, type Context, currentPrincipal } from './access.guard.js';
import type { CallerRead } from './caller-read.js';
import type { Permission } from './permissions.js';

const declareRule = (rule: AccessRule) => SetMetadata(ACCESS_RULE, rule);

/** No credential is required. */
export const Public = (returns?: Returned, status?: number) =>
  applyDecorators(declareRule({ kind: 'public' }), ...returning(returns, status));

/** For `@ScimController` of the scim module, which adds the guard. */
export const declareScimToken = () => declareRule({ kind: 'scim-token' });

/** Any valid credential, API keys included. */
export const Authenticated = (returns?: Returned) =>
  applyDecorators(
    declareRule({ kind: 'authenticated', context: 'none' }),
    ...['API_Key', 'Bearer_Auth'].map((scheme) => ApiSecurity(scheme)),
    ...returning(returns),
  );

type OrgPermission = Extract<Permission, `organization:${string}`>;

/** A permission, and a guard that refuses some of those who hold it, such as `adminsOnly` of the roles module. */
export type RestrictedPermission = { readonly permission: OrgPermission; readonly guard: MethodDecorator };

/** `in-org`: any caller of the organization. Which permission is required depends on the resource, so the handler checks it. */
type OrgCaller = OrgPermission | RestrictedPermission | 'in-org';
/** `in-workspace`: any caller with access to the workspace, by session or by API key, whatever the role allows. */
type WorkspaceCaller = Permission | 'in-workspace';

type Options = {
  status?: number;
  /** API keys are refused. */
  sessionOnly?: boolean;
  /** Unless deleted rows are asked for. */
  reads?: CallerRead;
};
type WorkspaceOptions = Options & { context?: 'both' | 'workspace-in-path'; includesDeleted?: true };
type OwnOptions = {
  status?: number;
  context?: 'org';
  /** A refusal is recorded in the organization that it concerns, or in none, and never in one where the caller happens to be a member. */
  actsInNoOrg?: boolean;
};

/**
 * A handler that changes nothing, in the organization of the request: who may call it, and what it returns. Without
 * `returns`, another decorator describes that.
 */
export const OrgQuery = (caller: OrgCaller, returns?: Returned, options: Options = {}) =>
  applyDecorators(...mayCall(caller, { context: 'org', ...options }), ...returning(returns, options.status));

/** A handler that changes the organization of the request: who may call it, what is recorded, and what it returns. */
export const OrgCommand = (
  caller: OrgCaller,
  operation: AuditOperation,
  returns?: Returned,
  options: Options = {},
) => applyDecorators(OrgQuery(caller, returns, options), Audited(operation));

/** As `OrgQuery`, in the workspace of the request. */
export const WorkspaceQuery = (caller: WorkspaceCaller, returns?: Returned, options: WorkspaceOptions = {}) =>
  applyDecorators(
    ...mayCall(caller, { context: 'workspace', ...options }),
    ...returning(returns, options.status),
  );

/** As `OrgCommand`, in the workspace of the request. */
export const WorkspaceCommand = (
  caller: WorkspaceCaller,
  operation: AuditOperation,
  returns?: Returned,
  options: WorkspaceOptions = {},
) => applyDecorators(WorkspaceQuery(caller, returns, options), Audited(operation));

/** What belongs to the user of the session, in whatever organization; API keys are refused. */
export function OwnQuery(returns?: Returned, options: OwnOptions = {}) {
  const context = options.context ?? 'none';
  return applyDecorators(
    declareRule({ kind: 'signed-in', context }),
    SESSION_ONLY,
    ...schemes(context),
    ...returning(returns, options.status),
  );
}

/** As `OwnQuery`, for a handler that changes something. */
export const OwnCommand = (operation: AuditOperation, returns?: Returned, options: OwnOptions = {}) =>
  applyDecorators(OwnQuery(returns, options), Audited(operation, options.actsInNoOrg));

function mayCall(
  caller: OrgCaller | WorkspaceCaller,
  options: Omit<WorkspaceOptions, 'context'> & { context: Context },
): MethodDecorator[] {
  if (typeof caller === 'object') return [...mayCall(caller.permission, options), caller.guard];
  const { context, sessionOnly = false, includesDeleted, reads } = options;
  if (caller === 'in-org' || caller === 'in-workspace') {
    if (sessionOnly) throw new Error(`"${caller}" cannot be limited to sessions`);
    const rule = caller === 'in-org' ? IN_ORG : IN_WORKSPACE;
    return [declareRule(rule), ...schemes(rule.context)];
  }
  const included = { ...(includesDeleted && { includesDeleted }), ...(reads && { reads }) };
  return [
    declareRule({ kind: 'permission', permission: caller, context, sessionOnly, ...included }),
    ApiExtension('x-permission', caller),
    ...(sessionOnly ? [SESSION_ONLY] : []),
    ...schemes(context),
  ];
}

const IN_ORG = { kind: 'in-org', context: 'org' } as const;
const IN_WORKSPACE = { kind: 'in-workspace', context: 'workspace' } as const;

/**
 * Marks session-only routes, since some published security schemes name API keys for them
 * (docs/contract/keys.md#creating-keys).
 */
const SESSION_ONLY = ApiExtension('x-session-only', true);

const HEADERS: Record<Context, string[]> = {
  none: [],
  org: ['API_Key', 'Organization_ID'],
  workspace: ['API_Key', 'Tenant_ID'],
  both: ['API_Key', 'Tenant_ID', 'Organization_ID'],
  'workspace-in-path': ['API_Key', 'Tenant_ID'],
};

const schemes = (context: Context) =>
  [...HEADERS[context], 'Bearer_Auth'].map((scheme) => ApiSecurity(scheme));

/** The principal of the request; the access rule of the handler guarantees the narrower type that a parameter declares. */
export const CurrentPrincipal = createParamDecorator(currentPrincipal);
