import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import type { FoundPasswordLink } from '../../../passwords/index.js';
import { AcceptByLink } from './accept-by-link.js';
import { ResetByHandedOverLink } from './reset-by-handed-over-link.js';
import { ResetByMailedLink } from './reset-by-mailed-link.js';

/** What a link does. Both methods refuse in the same way, so that a link is usable if `assertUsable` says so. */
interface PasswordLinkUse {
  assertUsable(link: FoundPasswordLink): Promise<void>;
  /** Sets the password in one transaction, and returns the user. */
  run(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string>;
}

@Injectable()
export class PasswordLinkUses {
  constructor(
    private readonly acceptance: AcceptByLink,
    private readonly resetByMail: ResetByMailedLink,
    private readonly resetByAdmin: ResetByHandedOverLink,
  ) {}

  of({ purpose, handedOverByUserId }: FoundPasswordLink): PasswordLinkUse {
    if (purpose === 'invitation') return this.acceptance;
    return handedOverByUserId === null ? this.resetByMail : this.resetByAdmin;
  }
}
