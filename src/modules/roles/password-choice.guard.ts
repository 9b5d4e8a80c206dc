import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../../common/access/access.guard.js';
import { hasField, rowsOf } from '../../common/access/makes-credential.decorator.js';
import { mayChoosePasswords, mayGrantOrgAdmin } from './org-roles.js';
import { OnlyAdminsChoosePasswords, PasswordNeedsSession } from './errors.js';

/**
 * Rejects a `password` in the body, or in one of its rows, if the caller may not choose one
 * (docs/contract/passwords.md#who-may-choose-a-password). Runs before validation
 * (docs/contract/http.md#order-of-checks), so the body is unchecked.
 */
@Injectable()
export class PasswordChoiceGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const caller = principalOf(context);
    if (!caller) return false;
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    const rows = rowsOf(body);
    if (mayChoosePasswords(caller) || !rows.some(hasPassword)) return true;
    const Refusal = mayGrantOrgAdmin(caller) ? PasswordNeedsSession : OnlyAdminsChoosePasswords;
    const at = rows.flatMap((row, index) => (hasPassword(row) ? [['body', index, 'password']] : []));
    throw new Refusal(Array.isArray(body) ? at : []);
  }
}

const hasPassword = (row: unknown): boolean => hasField(row, 'password');
