import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { OrgsRepository } from '../../orgs/index.js';
import type { FoundPasswordLink } from '../../passwords/index.js';
import { AcceptByLink } from './accept-by-link.js';
import { ResetByLink } from './reset-by-link.js';

/** What a link does. Both methods refuse in the same way, so that a link is usable if `assertUsable` says so. */
interface PasswordLinkUse {
  assertUsable(link: FoundPasswordLink): Promise<void>;
  /** Sets the password in one transaction, and returns the user. */
  run(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string>;
}

export type LinkDescription = Pick<FoundPasswordLink, 'email' | 'purpose' | 'expiresAt'> & {
  readonly orgName: string | null;
};

@Injectable()
export class PasswordLinkUses {
  constructor(
    private readonly acceptance: AcceptByLink,
    private readonly reset: ResetByLink,
    private readonly orgs: OrgsRepository,
  ) {}

  of({ purpose }: FoundPasswordLink): PasswordLinkUse {
    return purpose === 'invitation' ? this.acceptance : this.reset;
  }

  /** For whom a link is that can be used. */
  async describe(link: FoundPasswordLink): Promise<LinkDescription> {
    await this.of(link).assertUsable(link);
    const orgName = link.orgId && (await this.orgs.get(link.orgId)).displayName;
    return { ...link, orgName };
  }
}
