import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../../common/event-bus.js';
import { SignInOfTokenRequested } from '../../../orgs/index.js';
import { ApiKeysRepository } from '../core/api-keys.repository.js';

/** Tells how the owner of a token had signed in when it was created (docs/contract/sign-in.md#sign-in-requirement). */
@Injectable()
export class TellSignIns implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly keys: ApiKeysRepository,
  ) {}

  onModuleInit(): void {
    this.events.on(SignInOfTokenRequested, async (asked) => {
      asked.signIn = await this.keys.findSignIn(asked.tokenId);
    });
  }
}
