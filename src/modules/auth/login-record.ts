import { Injectable } from '@nestjs/common';
import { NIL_UUID } from '../../common/http/plain-values.js';
import type { RequestFacts } from '../../common/http/request-facts.js';
import { type Actor, AuditTrail } from '../audit/index.js';
import { OrgMembersService } from '../members/index.js';

/** Nobody has it: looked up in place of an unknown person's id, so that both take the same queries. */
export const NOBODY = NIL_UUID;

/** Logins in the audit log of the organization that the person has been in longest; of strangers in none. */
@Injectable()
export class LoginRecord {
  constructor(
    private readonly members: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  async actor(userId: string | null, request: RequestFacts): Promise<Actor> {
    const [membership] = await this.members.listOrgsOf(userId ?? NOBODY);
    return { userId, orgId: membership?.orgId ?? null, request };
  }

  /** Inside the transaction that starts the session. */
  async success(actor: Actor): Promise<void> {
    await this.audit.record(actor, 'login', actor.userId ? [actor.userId] : []);
  }

  async refusal(actor: Actor): Promise<void> {
    await this.audit.recordRefusal(actor, 'login', 401);
  }

  /** Inside the transaction that takes the token of the mail. */
  async emailConfirmed(userId: string, request: RequestFacts): Promise<void> {
    await this.audit.record(await this.actor(userId, request), 'confirm_sso_user_email', [userId]);
  }

  /** Inside the transaction that ends the session. The contract has no name of its own for it: the details tell. */
  async logout(userId: string, request: RequestFacts, endedBy: 'person' | 'provider'): Promise<void> {
    const details = { event: 'logout', ended_by: endedBy };
    await this.audit.record(await this.actor(userId, request), 'login', [userId], { details });
  }
}
