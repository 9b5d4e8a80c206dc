import { applyDecorators, type ExecutionContext, UseGuards } from '@nestjs/common';
import { principalOf } from '../../common/access/access.guard.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import { OnlyAdminsManageTokens } from './errors.js';

const FOR_ADMINS: readonly unknown[] = ['personal_access_token', 'application', 'scim_token'];

type Unchecked = { query?: { kind?: unknown }; body?: { filter?: { kind?: unknown } | null } | null };

/** Only Organization Admins ask for other kinds than service keys. Before validation (docs/contract/http.md#order-of-checks). */
export const TokenKindsForAdmins = () =>
  applyDecorators(
    Refuses(new OnlyAdminsManageTokens().code),
    UseGuards({
      canActivate(context: ExecutionContext): boolean {
        const { query, body } = context.switchToHttp().getRequest<Unchecked>();
        const asked = [query?.kind, body?.filter?.kind].flat();
        if (!asked.some((kind) => FOR_ADMINS.includes(kind))) return true;
        const caller = principalOf(context);
        if (!caller || !mayGrantOrgAdmin(caller)) throw new OnlyAdminsManageTokens();
        return true;
      },
    }),
  );
