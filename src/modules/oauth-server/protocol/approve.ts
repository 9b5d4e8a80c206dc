import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { UnknownApplication } from '../core/errors.js';
import type { OauthGrant } from '../core/entities.js';
import { type ApprovedGrant, GrantsRepository } from '../core/grants.repository.js';
import { kindOf } from '../clients/redirect-address.js';
import type { Application } from '../library/library.js';
import { ApprovalRules, type Approver } from './approval-rules.js';
import type { AuthorizationRequest } from './authorization-requests.js';

type Terms = {
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
  readonly workspaceId: string | null;
};

/** Gives an application the access of a person to one organization (docs/contract/oauth.md#grants). */
@Injectable()
export class Approve {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly rules: ApprovalRules,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @param store writes the code for the grant, in the same transaction
   * @throws what `ApprovalRules` throws
   */
  run<Result>(
    principal: Approver,
    application: Application,
    { redirectUri, scopes, workspaceId }: Terms,
    store: (grant: ApprovedGrant) => Promise<Result>,
  ): Promise<Result> {
    return this.transaction.as(principal, async () => {
      const { orgId, userId, credential } = principal;
      const days = await this.rules.daysFor(principal, application, workspaceId);
      const { clientId, registeredId, clientName, clientUri, logoUri } = application;
      const grant = await this.grants.approve({
        orgId,
        userId,
        clientId,
        registeredClientId: registeredId,
        clientName,
        clientUri,
        logoUri,
        redirectUri,
        scopes: [...scopes],
        defaultWorkspaceId: workspaceId,
        sessionId: credential.id,
        days,
      });
      if (!grant) throw new UnknownApplication();
      await this.audit.record(principal, 'create_oauth_grant', [grant.id], {
        details: { client_id: clientId },
      });
      return store(grant);
    });
  }

  /**
   * Where the person has approved the same before; null: nowhere. Only for an `https` address: another program can listen
   * at a loopback address (RFC 8252, section 8.6).
   */
  async findRemembered(
    userId: string,
    { application: { clientId, clientName }, redirectUri, scopes, asksAgain }: AuthorizationRequest,
  ): Promise<Pick<OauthGrant, 'orgId' | 'defaultWorkspaceId'> | null> {
    if (asksAgain || kindOf(redirectUri) !== 'web') return null;
    return this.grants.findApproved(userId, { clientId, clientName, redirectUri, scopes });
  }
}
