import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../../config/config.js';
import {
  OneOrganizationWithPasswords,
  OrgCreationDisabled,
  PersonalOrgsDisabled,
} from './workspaces.errors.js';

/**
 * With basic auth there is one organization; otherwise the operator's switches apply to all callers, admins included
 * (docs/contract/organizations.md#founding-organizations). Checked before validation
 * (docs/contract/http.md#order-of-checks): a body that does not clearly request a personal organization requests an
 * ordinary one.
 */
@Injectable()
export class OrganizationCreationGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.config.sso) throw new OneOrganizationWithPasswords();
    const { personalOrgsDisabled, orgCreationDisabled } = this.config.flags;
    const isPersonal = requestsPersonalOrg(context.switchToHttp().getRequest<FastifyRequest>().body);
    if (isPersonal && personalOrgsDisabled) throw new PersonalOrgsDisabled();
    if (!isPersonal && orgCreationDisabled) throw new OrgCreationDisabled();
    return true;
  }
}

const requestsPersonalOrg = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'is_personal' in body && body.is_personal === true;
