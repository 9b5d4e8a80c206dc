import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { required } from '../../../common/collections.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { ArtifactsRepository, type PendingDevice } from '../core/artifacts.repository.js';
import { UnknownApplication, UserCodeNotFound } from '../core/errors.js';
import { type Application, Library } from '../library/library.js';
import { signInOf } from '../library/library.mapper.js';
import type { Approver } from './approval-rules.js';
import { Approve } from './approve.js';
import { grantedScopes } from './authorization-requests.js';

const WRONG_CODES_PER_HOUR = 10;

/** A device that waits for a person. */
export type Device = {
  readonly userCode: string;
  readonly pending: PendingDevice;
  readonly application: Application;
  readonly scopes: readonly string[];
};

@Injectable()
export class DevicesService {
  constructor(
    private readonly artifacts: ArtifactsRepository,
    private readonly library: Library,
    private readonly approveGrant: Approve,
    private readonly limiter: RateLimiter,
  ) {}

  /** @throws UserCodeNotFound, or TooManyRequests after too many of these */
  async find({ credential }: UserPrincipal, typed: string): Promise<Device> {
    const userCode = typed.toUpperCase().replace(/[^A-Z]/g, '');
    const counted = ['wrong user codes of', credential.id] as const;
    await this.limiter.hit(...counted, WRONG_CODES_PER_HOUR, 60);
    const pending = await this.artifacts.findPending(userCode);
    if (!pending) throw new UserCodeNotFound();
    await this.limiter.giveBack([counted]);
    const application = await this.library.findApplication(pending.clientId);
    if (!application) throw new UnknownApplication();
    const { params } = pending.content as { params?: { scope?: string } };
    const { scope = null } = required(params, 'the parameters of a device code');
    return { userCode, pending, application, scopes: grantedScopes(scope, application) };
  }

  approve(
    principal: Approver,
    { userCode, application, scopes }: Device,
    workspaceId: string | null,
  ): Promise<void> {
    return this.approveGrant.run(
      principal,
      application,
      { redirectUri: null, scopes, workspaceId },
      (grant) =>
        this.decide(userCode, grant.id, {
          accountId: principal.userId,
          resource: this.library.issuer,
          scope: scopes.join(' '),
          ...signInOf(grant),
        }),
    );
  }

  deny({ userCode }: Device): Promise<void> {
    return this.decide(userCode, null, { error: 'access_denied' });
  }

  /** @throws UserCodeNotFound if another person was faster */
  private async decide(userCode: string, grantId: string | null, content: object): Promise<void> {
    if (!(await this.artifacts.decide(userCode, grantId, content))) throw new UserCodeNotFound();
  }
}
