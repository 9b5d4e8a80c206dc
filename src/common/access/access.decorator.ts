import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { MergeRouteConfig } from '../http/operations/operation.decorator.js';
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
  | { kind: 'signed-in'; context: Context }
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
export const Public = () => declareRule({ kind: 'public' });

/** For `@ScimController` of the scim module, which adds the guard. */
export const declareScimToken = () => declareRule({ kind: 'scim-token' });

/** Any valid credential, API keys included. */
export const Authenticated = () =>
  applyDecorators(
    declareRule({ kind: 'authenticated', context: 'none' }),
    ...['API_Key', 'Bearer_Auth'].map((scheme) => ApiSecurity(scheme)),
  );

/** A user with a session; API keys are refused. */
export const SignedIn = (options: { context?: Context } = {}) => {
  const context = options.context ?? 'none';
  return applyDecorators(declareRule({ kind: 'signed-in', context }), SESSION_ONLY, ...schemes(context));
};

/**
 * Any principal of the organization of the request: which permission is required depends on the resource, so the handler
 * checks it.
 */
export const InOrg = () =>
  applyDecorators(declareRule({ kind: 'in-org', context: 'org' }), ...schemes('org'));

/** Any principal with access to the workspace of the request, by session or by API key, whatever the role allows. */
export const InWorkspace = () =>
  applyDecorators(declareRule({ kind: 'in-workspace', context: 'workspace' }), ...schemes('workspace'));

/** A principal that holds the permission in the organization or workspace of the request. */
export const RequirePermission = (
  permission: Permission,
  options: { context?: Context; sessionOnly?: boolean; includesDeleted?: true } = {},
) => {
  const context = options.context ?? (permission.startsWith('organization:') ? 'org' : 'workspace');
  const { sessionOnly = false, includesDeleted } = options;
  return applyDecorators(
    declareRule({
      kind: 'permission',
      permission,
      context,
      sessionOnly,
      ...(includesDeleted && { includesDeleted }),
    }),
    ApiExtension('x-permission', permission),
    ...(options.sessionOnly ? [SESSION_ONLY] : []),
    ...schemes(context),
  );
};

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
