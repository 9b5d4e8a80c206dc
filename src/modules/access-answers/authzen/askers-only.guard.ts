import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import { principalOf } from '../../../common/access/access.guard.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { AskingRights } from './asking-rights.js';

/** Refuses callers without any question before their body is read. */
@Injectable()
export class AskersOnlyGuard implements CanActivate {
  constructor(private readonly rights: AskingRights) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const principal = principalOf(context);
    if (!principal?.orgId) return false;
    if (!(await this.rights.mayAskAnything(principal as OrgPrincipal)))
      throw new PermissionMissing('organization:read');
    return true;
  }
}
