import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { SingleUseRepository } from './core/single-use.repository.js';

export const LINK_HOURS = 24; // docs/contract/sign-in.md#e-mail-confirmation

/** A link that confirms an e-mail address, and the digest of its token, which is stored. */
export type ConfirmationLink = { readonly url: string; readonly digest: Buffer };

/** A user has at most one valid link, the newest. */
@Injectable()
export class ConfirmationLinks {
  constructor(
    private readonly singleUse: SingleUseRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** Null if the address of this installation is not known. Not valid before `replace`. */
  create(): ConfirmationLink | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    if (!publicUrl) return null;
    const token = randomBytes(32).toString('base64url');
    const page = consoleIsEnabled ? 'console/confirm-email#' : 'sso/email-verification?';
    const url = `${publicUrl}/${page}token=${token}`;
    return { url, digest: secretDigest(this.config.apiKeys.salt, token) };
  }

  replace(principal: UserPrincipal, orgId: string, { digest }: ConfirmationLink): Promise<void> {
    const { userId, email } = principal;
    return this.transaction.run(async () => {
      await this.singleUse.replaceConfirmation({ userId, digest, email }, LINK_HOURS);
      await this.audit.record(principal, 'send_sso_email_confirmation', [userId], { orgId });
    });
  }

  remove({ userId }: UserPrincipal, { digest }: ConfirmationLink): Promise<void> {
    return this.singleUse.removeConfirmation({ userId, digest });
  }
}
