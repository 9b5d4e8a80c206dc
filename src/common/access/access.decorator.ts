import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditOperation } from '../http/operations/audit-operations.js';
import {
  Audited,
  MergeRouteConfig,
  type Returned,
  returning,
} from '../http/operations/operation.decorator.js';
import { ApiExtension, ApiSecurity } from '../http/operations/swagger.decorator.js';
import type { Permission } from './permissions.js';
import type { AuthenticatedActor, Principal } from './principal.js';

/** The id headers that choose the context of a route; with `workspace-in-path`, the path names the workspace. */
type Context = 'none' | 'org' | 'workspace' | 'both' | 'workspace-in-path';

/** What a handler requires of its principal. Every handler declares exactly one; without one, requests are refused. */
export type AccessRule =
  | { kind: 'public' }
  /** SCIM tokens only; the scim module provides the decorator together with the guard that verifies the tokens. */
  | { kind: 'scim-token' }
  | { kind: 'authenticated'; context: 'none' }
  | { kind: 'signed-in'; context: 'none' | 'org' }
  | { kind: 'in-org'; context: 'org' }
  | { kind: 'in-workspace'; context: 'workspace' }
  | {
      kind: 'permission';
      permission: Permission;
      context: Context;
      sessionOnly: boolean;
      /** With `include_deleted`, the workspace in the path may be deleted: then there is none in the context. */
      includesDeleted?: true;
    };

export const ACCESS_RULE = 'tenantry:access-rule';

type Class = ReturnType<ExecutionContext['getClass']>;
type Handler = ReturnType<ExecutionContext['getHandler']>;

const rulesByClass = new WeakMap<Class, WeakMap<Handler, AccessRule>>();

/** The rule of the handler of a request; undefined if neither the handler nor its class declares one. */
export function accessRuleOf(context: ExecutionContext): AccessRule | undefined {
  const [type, handler] = [context.getClass(), context.getHandler()];
  const known = rulesByClass.get(type)?.get(handler);
  if (known) return known;
  const rule = Reflect.getMetadata(ACCESS_RULE, handler) ?? Reflect.getMetadata(ACCESS_RULE, type);
  const rules = rulesByClass.get(type) ?? new WeakMap();
  if (rule) rulesByClass.set(type, rules.set(handler, rule));
  return rule;
}

const declareRule = (rule: AccessRule) => SetMetadata(ACCESS_RULE, rule);

/** No credential is required. */
export const Public = (returns?: Returned) =>
  applyDecorators(declareRule({ kind: 'public' }), ...returning(returns));

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
  const { context, sessionOnly = false, includesDeleted } = options;
  if (caller === 'in-org' || caller === 'in-workspace') {
    if (sessionOnly) throw new Error(`"${caller}" cannot be limited to sessions`);
    const rule = caller === 'in-org' ? IN_ORG : IN_WORKSPACE;
    return [declareRule(rule), ...schemes(rule.context)];
  }
  const included = includesDeleted && { includesDeleted };
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

/** The rules that `AccessGuard` decides. */
export type GuardedRule = Exclude<AccessRule, { kind: 'public' | 'scim-token' }>;

export const isGuardedRule = (rule: AccessRule): rule is GuardedRule =>
  rule.kind !== 'public' && rule.kind !== 'scim-token';

/** Whether the route acts in one workspace, which then has to be resolved. */
export const needsWorkspace = (rule: AccessRule): boolean =>
  rule.kind === 'in-workspace' ||
  (rule.kind === 'permission' && !rule.permission.startsWith('organization:'));

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication guard; absent without a credential. */
    principal?: Principal;
    /** The owner of the credential, set before access is checked, so that refusals can be audited. */
    actor?: AuthenticatedActor;
  }
  interface FastifyContextConfig {
    revokesAccess?: boolean;
  }
}

export const principalOf = (context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().principal;

/**
 * The principal of the request; the access rule of the handler guarantees the narrower type that a parameter declares.
 */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context),
);

/**
 * The operation takes access away, and succeeds or finds nothing if another request has done so before. Its response
 * waits until that holds on every replica. Those by DELETE, PATCH and PUT do so without being marked.
 */
export const RevokesAccess = () => MergeRouteConfig({ revokesAccess: true });
