import { type ExecutionContext, UseGuards } from '@nestjs/common';
import { callerOf } from '../../common/access/current-principal.js';
import type { Forbidden } from '../../common/errors/domain-error.js';
import { isOrgAdmin } from './org-roles.js';

/**
 * For what operators may not do, though they hold the permission of the route (contract decision 5). Said before the
 * request is read (contract decision 43), and in the words of `Refusal`.
 */
export const OrgAdminsOnly = (Refusal: new () => Forbidden) =>
  UseGuards({
    canActivate(context: ExecutionContext): boolean {
      const caller = callerOf(context);
      if (!caller || !isOrgAdmin(caller)) throw new Refusal();
      return true;
    },
  });
