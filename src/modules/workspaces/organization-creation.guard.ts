import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isJsonObject } from '../../common/json.js';
import { Config } from '../../config/config.js';
import {
  OneOrganizationWithPasswords,
  OrgCreationDisabled,
  PersonalOrgsDisabled,
} from './workspaces.errors.js';

/** Before validation: what does not clearly request a personal organization is taken for an ordinary one. */
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

const requestsPersonalOrg = (body: unknown): boolean => isJsonObject(body) && body.is_personal === true;
