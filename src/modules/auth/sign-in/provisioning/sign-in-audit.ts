import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { type AuditDetails, AuditTrail } from '../../../audit/index.js';
import { OrgMembersService } from '../../../members/index.js';
import type { SignInContext } from './sign-in-context-loader.js';
import type { SignInAccount, SignInRefusalReason, SignInRule } from './sign-in-decision.js';

/** `auditEntryId`: the id of the entry, which memberships of this sign-in refer to. */
type SignInRequest = { readonly request: RequestMetadata; readonly auditEntryId: string };

/**
 * Audits sign-ins with the rule that decided: in the default organization, or, for users who belong only to other
 * organizations, in the oldest membership's. Records ids and codes of ours, no claims.
 */
@Injectable()
export class SignInAudit {
  constructor(
    private readonly members: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  /** Must run in the transaction of the sign-in. */
  async recordSuccess(
    { userId, request, auditEntryId: entryId }: SignInRequest & { userId: string },
    decision: { rule: SignInRule; account: SignInAccount; granted: AuditDetails },
    { org, person }: SignInContext,
  ): Promise<void> {
    const { rule, account, granted } = decision;
    const isMember = person.access !== 'none' || rule === 'invitation' || rule === 'jit';
    const [oldest] = isMember ? [] : await this.members.listOrgMemberships(userId);
    const orgId = oldest?.orgId ?? org.id;
    await this.audit.record({ userId, orgId, request }, 'login', [userId], {
      details: { method: 'sso', rule, account, ...granted },
      entryId,
    });
  }

  /** Must run in the transaction of the sign-in. The user is the account with that login or e-mail, or null. */
  async recordRefusal(
    { request, auditEntryId: entryId }: SignInRequest,
    { refusal, revoked }: { refusal: SignInRefusalReason; revoked: AuditDetails },
    { org, person }: SignInContext,
  ): Promise<void> {
    const { account, user } = person;
    const details = { method: 'sso', refusal, account, account_id: user?.id ?? null, ...revoked };
    const actor = { userId: null, orgId: org.id, request };
    await this.audit.recordRefusal(actor, 'login', 403, { details, entryId });
  }
}
