import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { InvitedWithPassword } from '../../invitations/index.js';
import { UsersService } from '../../users/index.js';
import { PasswordsService } from './passwords.service.js';

/** A password in an invitation makes the account; one that exists keeps its own (contract decisions 42, 46). */
@Injectable()
export class OpenAccountsForInvited implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
  ) {}

  onModuleInit(): void {
    this.events.on(InvitedWithPassword, (event) => this.open(event));
  }

  private async open({ accounts }: InvitedWithPassword): Promise<void> {
    const { users, newIds } = await this.users.ensure(accounts);
    const digests = accounts.map(({ email, passwordDigest }) => ({
      userId: users.get(email)!.id,
      digest: passwordDigest,
    }));
    await this.passwords.setFirst(digests.filter(({ userId }) => newIds.has(userId)));
  }
}
