import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '../http/swagger.decorator.js';
import type { Permission } from './permissions.js';

/** Which id header, if any, chooses the context of a route; `path` takes the workspace from the path. */
export type Context = 'none' | 'org' | 'workspace' | 'both' | 'workspace-in-path';

/** What a handler asks of its caller. Exactly one per handler; a handler without one is refused. */
export type AccessRule =
  | { kind: 'public' }
  /** Identity providers only: the guard that knows their tokens comes with the decorator of the scim module. */
  | { kind: 'scim-token' }
  | { kind: 'signed-in'; context: Context }
  | { kind: 'in-workspace'; context: 'workspace' }
  | { kind: 'permission'; permission: Permission; context: Context; sessionOnly: boolean };

export const ACCESS_RULE = 'tenantry:access-rule';

const declareRule = (rule: AccessRule) => SetMetadata(ACCESS_RULE, rule);

/** Anybody, without a credential. */
export const Public = () => declareRule({ kind: 'public' });

/** For `@ScimTokenOnly` of the scim module, which adds the guard. */
export const declareScimToken = () => declareRule({ kind: 'scim-token' });

/** A person with a session; API keys are refused. */
export const SignedIn = (options: { context?: Context } = {}) => {
  const context = options.context ?? 'none';
  return applyDecorators(declareRule({ kind: 'signed-in', context }), SESSION_ONLY, ...schemes(context));
};

/** Whoever may act in the workspace of the request, by session or by key, whatever his role there allows. */
export const InWorkspace = () =>
  applyDecorators(declareRule({ kind: 'in-workspace', context: 'workspace' }), ...schemes('workspace'));

/** Who holds the permission in the organization or workspace of the request. */
export const RequirePermission = (
  permission: Permission,
  options: { context?: Context; sessionOnly?: boolean } = {},
) => {
  const context = options.context ?? (permission.startsWith('organization:') ? 'org' : 'workspace');
  return applyDecorators(
    declareRule({ kind: 'permission', permission, context, sessionOnly: options.sessionOnly ?? false }),
    ApiExtension('x-permission', permission),
    ...(options.sessionOnly ? [SESSION_ONLY] : []),
    ...schemes(context),
  );
};

/**
 * For readers of the description: some published schemes name keys where only sessions are let in
 * (contract decision 46).
 */
const SESSION_ONLY = ApiExtension('x-session-only', true);

const HEADERS: Record<Context, string[]> = {
  none: [],
  org: ['API Key', 'Organization ID'],
  workspace: ['API Key', 'Tenant ID'],
  both: ['API Key', 'Tenant ID', 'Organization ID'],
  'workspace-in-path': ['API Key', 'Tenant ID'],
};

const schemes = (context: Context) =>
  [...HEADERS[context], 'Bearer Auth'].map((scheme) => ApiSecurity(scheme));

/** What the guards here decide about. */
export type GuardedRule = Exclude<AccessRule, { kind: 'public' | 'scim-token' }>;

export const isGuardedRule = (rule: AccessRule): rule is GuardedRule =>
  rule.kind !== 'public' && rule.kind !== 'scim-token';

/** Whether the route acts in one workspace, so that one has to be found. */
export const needsWorkspace = (rule: AccessRule): boolean =>
  rule.kind === 'in-workspace' ||
  (rule.kind === 'permission' && !rule.permission.startsWith('organization:'));
