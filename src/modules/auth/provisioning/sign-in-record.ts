import { Injectable } from '@nestjs/common';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { OrgMembersService } from '../../members/index.js';
import type { SignInSituation } from './sign-in-census.js';
import type { SignInAccount, SignInRefusalReason, SignInRule } from './sign-in-decision.js';

/**
 * Logins in the audit log, with the rule that decided: in the default organization, whose rule it is; of people who are
 * in others only, in the one they have been in longest. Ids and words of ours, no claims.
 */
@Injectable()
export class SignInRecord {
  constructor(
    private readonly members: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  /** Inside the transaction that lets him in. */
  async success(
    { userId, request }: { userId: string; request: RequestFacts },
    how: { rule: SignInRule; account: SignInAccount; given: AuditDetails },
    { org }: SignInSituation,
  ): Promise<void> {
    const memberships = await this.members.listOrgsOf(userId);
    const isMember = memberships.some(({ orgId }) => orgId === org.id);
    const orgId = isMember ? org.id : (memberships[0]?.orgId ?? org.id);
    const { rule, account, given } = how;
    await this.audit.record({ userId, orgId, request }, 'login', [userId], {
      details: { method: 'sso', rule, account, ...given },
    });
  }

  /** Inside the transaction, with what it took. Who is refused is known as the account that he could have been, if any. */
  async refusal(
    request: RequestFacts,
    { refusal, taken }: { refusal: SignInRefusalReason; taken: AuditDetails },
    { org, person }: SignInSituation,
  ): Promise<void> {
    const { account, user } = person;
    const details = { method: 'sso', refusal, account, account_id: user?.id ?? null, ...taken };
    await this.audit.recordRefusal({ userId: null, orgId: org.id, request }, 'login', 403, { details });
  }
}
