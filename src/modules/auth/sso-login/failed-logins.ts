import { Injectable, Logger } from '@nestjs/common';
import { DomainError, LimitReached } from '../../../common/errors/domain-error.js';
import { httpStatusOf } from '../../../common/errors/http-status.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { LimitedLog } from '../../../common/logging/limited-log.js';
import { SsoDisabled } from '../sso/provider.errors.js';
import { AuditTrail } from '../../audit/index.js';

/** A row for each attempt beyond the limit would be none; one where nobody can sign in means nothing. */
const NOT_AUDITED = [LimitReached, SsoDisabled];

/** Sign-ins that came to nothing: codes and reasons of ours, never what came with them. */
@Injectable()
export class FailedLogins {
  private readonly logger = new LimitedLog(new Logger('SingleSignOn'));

  constructor(private readonly audit: AuditTrail) {}

  /** Failed before anybody was known: like a stranger's wrong password it belongs to no organization. */
  async record(error: unknown, request: RequestMetadata): Promise<void> {
    this.log(error);
    if (!(error instanceof DomainError) || NOT_AUDITED.some((kind) => error instanceof kind)) return;
    await this.audit.recordRefusal({ userId: null, orgId: null, request }, 'login', httpStatusOf(error));
  }

  /** What is no domain error is a fault of ours, which the filter logs. */
  log(error: unknown): void {
    if (!(error instanceof DomainError)) return;
    const { reason } = error as { reason?: string };
    this.logger.warn(`a sign-in failed: ${error.code}${reason === undefined ? '' : ` (${reason})`}`);
  }
}
