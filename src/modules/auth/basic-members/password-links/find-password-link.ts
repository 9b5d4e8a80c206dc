import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { type FoundPasswordLink, LoginThrottle, PasswordLinks } from '../../../passwords/index.js';

/** Finds the link of a token, within the limits of its network. */
@Injectable()
export class FindPasswordLink {
  constructor(
    private readonly links: PasswordLinks,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws TooManyRequests and what {@link PasswordLinks.get} throws */
  async run(token: string, { clientHost }: RequestMetadata): Promise<FoundPasswordLink> {
    await this.throttle.admitLink(clientHost);
    return this.links.get(token);
  }
}
