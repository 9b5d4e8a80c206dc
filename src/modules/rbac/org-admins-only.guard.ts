import { type ExecutionContext, UseGuards } from '@nestjs/common';
import { principalOf } from '../../common/access/current-principal.decorator.js';
import type { Forbidden } from '../../common/errors/domain-error.js';
import { mayGrantOrgAdmin } from './org-roles.js';

/**
 * For what operators may not do, though they hold the permission of the route (contract decision 5), nor keys that hold
 * less than an admin: it can give anybody anything. Said before the request is read (contract decision 43), and in the
 * words of `Refusal`.
 */
export const OrgAdminsOnly = (Refusal: new () => Forbidden) =>
  UseGuards({
    canActivate(context: ExecutionContext): boolean {
      const caller = principalOf(context);
      if (!caller || !mayGrantOrgAdmin(caller)) throw new Refusal();
      return true;
    },
  });
