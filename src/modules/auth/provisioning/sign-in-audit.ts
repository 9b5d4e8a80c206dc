import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { OrgMembersService } from '../../members/index.js';
import type { SignInContext } from './sign-in-context-loader.js';
import type { SignInAccount, SignInRefusalReason, SignInRule } from './sign-in-decision.js';

/**
 * Logins in the audit log, with the rule that decided: in the default organization, whose rule it is; of people who are
 * in others only, in the one they have been in longest. Ids and words of ours, no claims.
 */
@Injectable()
export class SignInAudit {
  constructor(
    private readonly members: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  /** Inside the transaction that lets him in. */
  async recordSuccess(
    { userId, request }: { userId: string; request: RequestMetadata },
    decision: { rule: SignInRule; account: SignInAccount; granted: AuditDetails },
    { org }: SignInContext,
  ): Promise<void> {
    const memberships = await this.members.listOrgMemberships(userId);
    const isMember = memberships.some(({ orgId }) => orgId === org.id);
    const orgId = isMember ? org.id : (memberships[0]?.orgId ?? org.id);
    const { rule, account, granted } = decision;
    await this.audit.record({ userId, orgId, request }, 'login', [userId], {
      details: { method: 'sso', rule, account, ...granted },
    });
  }

  /** Inside the transaction, with what it took. Who is refused is known as the account that he could have been, if any. */
  async recordRefusal(
    request: RequestMetadata,
    { refusal, revoked }: { refusal: SignInRefusalReason; revoked: AuditDetails },
    { org, person }: SignInContext,
  ): Promise<void> {
    const { account, user } = person;
    const details = { method: 'sso', refusal, account, account_id: user?.id ?? null, ...revoked };
    await this.audit.recordRefusal({ userId: null, orgId: org.id, request }, 'login', 403, { details });
  }
}
