import { Injectable, Logger } from '@nestjs/common';
import {
  DomainError,
  httpStatusOf,
  LimitReached,
  loggedCode,
} from '../../../../common/errors/domain-error.js';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { LimitedLog } from '../../../../common/logging/limited-log.js';
import { type AuditDetails, AuditTrail } from '../../../audit/index.js';
import { OrgsRepository } from '../../../orgs/index.js';
import { InvalidIdToken, ProviderFailed, SsoDisabled } from '../../oidc/index.js';
import { ForeignIssuer, InvalidLoginState } from '../core/errors.js';

/** Not audited: attempts beyond the rate limit would flood the audit log, and without SSO no sign-in is possible. */
const NOT_AUDITED = [LimitReached, SsoDisabled];

/** Anyone can cause them, with any link: they say nothing about an organization. */
const OF_NO_ORG = [InvalidLoginState, ForeignIssuer];

/** Logs and audits failed sign-ins with our own codes and reasons, never with values from the request. */
@Injectable()
export class FailedLogins {
  private readonly logger = new LimitedLog(new Logger('SingleSignOn'));

  constructor(
    private readonly orgs: OrgsRepository,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Before the user is known. A failure at the provider concerns the default organization, whose admins can correct it.
   */
  async record(error: unknown, request: RequestMetadata): Promise<void> {
    this.log(error);
    if (!(error instanceof DomainError) || NOT_AUDITED.some((kind) => error instanceof kind)) return;
    const orgId = OF_NO_ORG.some((kind) => error instanceof kind) ? null : await this.findDefaultOrgId();
    const scope = { details: detailsOf(error) };
    await this.audit.recordRefusal({ userId: null, orgId, request }, 'login', httpStatusOf(error), scope);
  }

  /** Null, too, while the database does not answer, which must not replace the error of the sign-in. */
  private async findDefaultOrgId(): Promise<string | null> {
    const org = await this.orgs.findDefault().catch(() => null);
    return org?.id ?? null;
  }

  /** Logs domain errors only; the exception filter logs all others. */
  log(error: unknown): void {
    if (!(error instanceof DomainError)) return;
    const { reason } = error as { reason?: string };
    this.logger.warn(`a sign-in failed: ${loggedCode(error)}${reason === undefined ? '' : ` (${reason})`}`);
  }
}

/** What a remedy depends on, without the reason, which may name what was found. */
const detailsOf = (error: DomainError): AuditDetails => ({
  method: 'sso',
  code: error.code,
  ...(error instanceof InvalidIdToken ? { flaw: error.flaw } : {}),
  ...(error instanceof ProviderFailed ? { request: error.purpose } : {}),
});
