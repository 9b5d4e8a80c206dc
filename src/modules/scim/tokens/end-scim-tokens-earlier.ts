import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { EndKeysEarlier } from '../../auth/api-keys/index.js';
import { EndBroughtForward } from '../../members/index.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';

/** As of service keys: a token acts for the whole organization. */
@Injectable()
export class EndScimTokensEarlier implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly tokens: ScimTokensRepository,
    private readonly keys: EndKeysEarlier,
  ) {}

  onModuleInit(): void {
    this.events.on(EndBroughtForward, async (event) => {
      const earlier = await this.keys.findEarlier(event.orgId, await this.tokens.listEnding(event.orgId));
      await this.tokens.endEarlier(event.orgId, earlier);
      event.credentialIds.push(...earlier.map(({ id }) => id));
    });
  }
}
