import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { mayGrantOrgAdmin } from '../../../roles/index.js';
import { DefaultWorkspaceRule } from '../../../workspaces/index.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';
import { type ApiKeyInput, ApiKeysService, type NewKey } from '../core/api-keys.service.js';
import { CallerKeys } from '../core/caller-keys.js';
import type { ApiKey } from '../core/entities.js';
import { ApiKeyNotFound, OnlyOwnersRotateTokens, RotationOutlivesCaller } from '../core/errors.js';

type TokenInput = Pick<ApiKeyInput, 'description' | 'expiresAt' | 'defaultWorkspaceId'>;

/** Creates and rotates tokens for their owner alone, with whose current roles they act. */
@Injectable()
export class OwnTokensService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly callerKeys: CallerKeys,
    private readonly defaultWorkspace: DefaultWorkspaceRule,
    private readonly transaction: Transaction,
  ) {}

  create(principal: OrgPrincipal & UserPrincipal, input: TokenInput): Promise<NewKey> {
    return this.transaction.as(principal, async () => {
      await this.defaultWorkspace.assertUsable(principal, input.defaultWorkspaceId);
      return this.apiKeys.issue(principal, 'create_personal_access_token', {
        ...input,
        kind: 'pat',
        userId: principal.userId,
        readOnly: false, // not enforced for tokens, which may do all that their owner may
        isOrgWide: false,
        orgRoleId: null,
        workspaceRoleId: null,
        workspaceIds: [],
      });
    });
  }

  rotate(principal: OrgPrincipal, id: string, overlapHours: number): Promise<NewKey> {
    return this.transaction.as(principal, async () => {
      await this.callerKeys.holdForTokens(principal);
      const token = await this.keys.findToken(principal.orgId, id);
      if (token?.userId !== principal.userId)
        throw token && mayGrantOrgAdmin(principal) ? new OnlyOwnersRotateTokens() : new ApiKeyNotFound();
      if (!isOwnOrParent(principal, token)) throw new RotationOutlivesCaller();
      const terms = { overlapHours, rightsEndAt: null };
      return this.apiKeys.rotate(principal, 'rotate_personal_access_token', token, terms);
    });
  }
}

/** Otherwise who holds a leaked token would keep another one of its owner when the leaked one is revoked. */
const isOwnOrParent = ({ credential }: OrgPrincipal, { id, parentKeyId }: ApiKey): boolean =>
  credential.kind === 'session' || credential.id === id || credential.id === parentKeyId;
