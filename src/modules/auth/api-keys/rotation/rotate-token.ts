import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { mayGrantOrgAdmin } from '../../../roles/index.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import type { NewKey } from '../core/api-keys.service.js';
import { CallerKeys } from '../core/caller-keys.js';
import type { ApiKey } from '../core/entities.js';
import { ApiKeyNotFound, OnlyOwnersRotateTokens, RotationOutlivesCaller } from '../core/errors.js';
import { ReplaceSecret } from './replace-secret.js';

/** Rotates a personal access token for its owner, since the new secret acts for them. */
@Injectable()
export class RotateToken {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly callerKeys: CallerKeys,
    private readonly replaceSecret: ReplaceSecret,
    private readonly transaction: Transaction,
  ) {}

  run(principal: OrgPrincipal, id: string, overlapHours: number): Promise<NewKey> {
    return this.transaction.as(principal, async () => {
      await this.callerKeys.holdForTokens(principal);
      const token = await this.getOwn(principal, id);
      if (!isOwnOrParent(principal, token)) throw new RotationOutlivesCaller();
      return this.replaceSecret.run(principal, 'rotate_personal_access_token', token, {
        overlapHours,
        rightsEndAt: null,
      });
    });
  }

  private async getOwn(principal: OrgPrincipal, id: string): Promise<ApiKey> {
    const token = await this.keys.findToken(principal.orgId, id);
    if (token?.userId === principal.userId) return token;
    throw token && mayGrantOrgAdmin(principal) ? new OnlyOwnersRotateTokens() : new ApiKeyNotFound();
  }
}

/** Otherwise who holds a leaked token would keep another one of its owner when the leaked one is revoked. */
const isOwnOrParent = ({ credential }: OrgPrincipal, { id, parentKeyId }: ApiKey): boolean =>
  credential.kind === 'session' || credential.id === id || credential.id === parentKeyId;
