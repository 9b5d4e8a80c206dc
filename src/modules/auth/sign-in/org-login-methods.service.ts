import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { MemberDirectory, type OrgMember, OrgMembersService } from '../../members/index.js';
import { type PasswordChooser, PasswordsService } from '../../passwords/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { SsoSessionRequired } from './core/errors.js';

@Injectable()
export class OrgLoginMethodsService {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly members: OrgMembersService,
    private readonly directory: MemberDirectory,
    private readonly passwords: PasswordsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Undefined: unchanged. Restricting needs an SSO session, so that admins do not lock themselves out. */
  async restrict(principal: OrgPrincipal, ssoOnly: boolean | undefined): Promise<boolean> {
    if (ssoOnly && principal.sessionMethod !== 'sso') throw new SsoSessionRequired();
    return this.transaction.as(principal, async () => {
      if (ssoOnly !== undefined) {
        await this.orgs.update(principal.orgId, { ssoOnly });
        await this.audit.record(principal, 'update_login_methods', [principal.orgId], {
          details: { sso_only: ssoOnly },
        });
      }
      return (await this.orgs.get(principal.orgId)).ssoOnly;
    });
  }

  /** The caller as a member; null for a service key. */
  async getForPrincipal({ orgId, userId }: OrgPrincipal): Promise<OrgMember | null> {
    const membership = userId && (await this.members.findByUsers(orgId, [userId])).get(userId);
    return membership ? this.directory.getOrgMember(orgId, membership.id) : null;
  }

  /** Who set the caller's password; null without one. */
  async findPasswordChooser({ userId }: OrgPrincipal): Promise<PasswordChooser | null> {
    return userId ? this.passwords.findChooser(userId) : null;
  }
}
