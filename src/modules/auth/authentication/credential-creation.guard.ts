import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApplicationMayNotCreate } from '../../../common/access/access.errors.js';
import { principalOf } from '../../../common/access/access.guard.js';
import { pageOfCredential } from '../../../common/access/makes-credential.decorator.js';
import { Config } from '../../../config/config.js';

/** A global guard: an access token makes nothing that outlives it (docs/contract/oauth.md#what-an-application-may-not-do). */
@Injectable()
export class CredentialCreationGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    const { credential, orgId } = principalOf(context) ?? {};
    if (credential?.kind !== 'application') return true;
    const page = pageOfCredential(context);
    if (page === null) return true;
    const place = orgId ? `organizations/${orgId}/${page}` : '';
    throw new ApplicationMayNotCreate(`${this.config.server.publicUrl ?? ''}/console/${place}`);
  }
}
