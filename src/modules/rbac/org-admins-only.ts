import { type ExecutionContext, UseGuards } from '@nestjs/common';
import { callerOf } from '../../common/access/current-principal.js';
import type { Forbidden } from '../../common/errors/domain-error.js';
import { mayMakeOrgAdmins } from './org-roles.js';

/**
 * For what operators may not do, though they hold the permission of the route (contract decision 5), nor keys that hold
 * less than an admin: it can give anybody anything. Said before the request is read (contract decision 43), and in the
 * words of `Refusal`.
 */
export const OrgAdminsOnly = (Refusal: new () => Forbidden) =>
  UseGuards({
    canActivate(context: ExecutionContext): boolean {
      const caller = callerOf(context);
      if (!caller || !mayMakeOrgAdmins(caller)) throw new Refusal();
      return true;
    },
  });
