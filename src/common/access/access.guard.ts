import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  InvalidCredential,
  NoOrganization,
  NoWorkspace,
  OrgScopedKeyRequiresWorkspace,
  PermissionMissing,
  SessionRequired,
} from './access.errors.js';
import type { CallerRead } from './caller-read.js';
import type { Permission } from './permissions.js';
import type { AuthenticatedActor, Principal } from './principal.js';

/** The id headers that choose the context of a route; with `workspace-in-path`, the path names the workspace. */
export type Context = 'none' | 'org' | 'workspace' | 'both' | 'workspace-in-path';

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
      /** Unless deleted rows are asked for. */
      reads?: CallerRead;
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
}

export const principalOf = (context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().principal;

/** For `@CurrentPrincipal`. */
export const currentPrincipal = (_: unknown, context: ExecutionContext) => principalOf(context);

/** Enforces the access rule of the handler. A handler without a rule is a programming error and is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const rule = accessRuleOf(context);
    if (!rule)
      throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access rule`);
    if (isGuardedRule(rule)) assertAllowed(principalOf(context), rule);
    return true;
  }
}

function assertAllowed(principal: Principal | undefined, rule: GuardedRule): void {
  if (!principal) throw new InvalidCredential();
  const needsSession = rule.kind === 'signed-in' || (rule.kind === 'permission' && rule.sessionOnly);
  if (needsSession && principal.credential.kind !== 'session') throw new SessionRequired();
  if (rule.kind === 'signed-in' || rule.kind === 'authenticated') return;
  if (!principal.orgId) throw new NoOrganization();
  if (needsWorkspace(rule) && !principal.workspaceId) {
    if (rule.kind === 'permission' && rule.includesDeleted) return; // the handler decides
    throw missingWorkspaceError(principal);
  }
  if (rule.kind === 'permission' && !principal.can(rule.permission))
    throw new PermissionMissing(rule.permission);
}

const missingWorkspaceError = ({ key }: Principal) =>
  key?.workspaceIds === null ? new OrgScopedKeyRequiresWorkspace() : new NoWorkspace();
