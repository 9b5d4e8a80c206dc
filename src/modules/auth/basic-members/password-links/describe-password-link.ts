import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { OrgsService } from '../../../orgs/index.js';
import type { FoundPasswordLink } from '../../../passwords/index.js';
import { PasswordLinkUses } from './password-link-uses.js';
import { RefusedLinks } from './refused-links.js';

export type LinkDescription = Pick<FoundPasswordLink, 'email' | 'purpose' | 'expiresAt'> & {
  readonly orgName: string | null;
};

/** Says for whom a link is, and whether it can be used, before its user types a password. */
@Injectable()
export class DescribePasswordLink {
  constructor(
    private readonly uses: PasswordLinkUses,
    private readonly refused: RefusedLinks,
    private readonly orgs: OrgsService,
  ) {}

  /** @throws what {@link RefusedLinks.recorded} and the use of the link throw */
  run(token: string, request: RequestMetadata): Promise<LinkDescription> {
    return this.refused.recorded(token, request, async (link) => {
      await this.uses.of(link).assertUsable(link);
      const orgName = link.orgId && (await this.orgs.get(link.orgId)).displayName;
      return { ...link, orgName };
    });
  }
}
