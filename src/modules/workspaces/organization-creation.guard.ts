import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../../config/config.js';
import {
  OneOrganizationWithPasswords,
  OrgCreationDisabled,
  PersonalOrgsDisabled,
} from './workspaces.errors.js';

/**
 * With passwords there is one organization (contract decision 50). Else the operator's switches bind everybody, admins
 * included (semantics, section 4). Both are told before the rest of the body is judged (contract decision 43): what does
 * not clearly ask for a personal organization asks for an ordinary one.
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
