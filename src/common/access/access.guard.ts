import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import {
  InvalidCredential,
  NoOrganization,
  NoWorkspace,
  OrgScopedKeyRequiresWorkspace,
  PermissionMissing,
  SessionRequired,
} from './access.errors.js';
import {
  accessRuleOf,
  type GuardedRule,
  isGuardedRule,
  needsWorkspace,
  principalOf,
} from './access.decorator.js';
import type { Principal } from './principal.js';

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
