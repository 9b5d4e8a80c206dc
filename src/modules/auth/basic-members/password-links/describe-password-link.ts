import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { OrgsService } from '../../../orgs/index.js';
import type { FoundPasswordLink } from '../../passwords/index.js';
import { AcceptByLink } from './accept-by-link.js';
import { FindPasswordLink } from './find-password-link.js';

export type LinkDescription = Pick<FoundPasswordLink, 'email' | 'purpose' | 'expiresAt'> & {
  readonly orgName: string | null;
};

/** Says for whom a link is, and whether it can be used, before its user types a password. */
@Injectable()
export class DescribePasswordLink {
  constructor(
    private readonly findLink: FindPasswordLink,
    private readonly acceptance: AcceptByLink,
    private readonly orgs: OrgsService,
  ) {}

  /** @throws what {@link FindPasswordLink.run} throws, and for an invitation {@link AcceptByLink.assertUsable} */
  async run(token: string, request: RequestMetadata): Promise<LinkDescription> {
    const link = await this.findLink.run(token, request);
    if (link.purpose === 'invitation') await this.acceptance.assertUsable(link);
    const orgName = link.orgId && (await this.orgs.get(link.orgId)).displayName;
    return { ...link, orgName };
  }
}
