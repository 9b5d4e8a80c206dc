import { Injectable, type OnModuleInit } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import { EventBus } from '../../../common/event-bus.js';
import { ExistingAccounts, InvitedWithPassword } from '../../invitations/index.js';
import { UsersRepository } from '../../users/index.js';
import { PasswordsService } from '../../passwords/index.js';

/**
 * Creates accounts for invitations with a password; an existing password is kept
 * (docs/contract/invitations.md#passwords-in-invitations).
 */
@Injectable()
export class CreateInvitedAccounts implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly users: UsersRepository,
    private readonly existing: ExistingAccounts,
    private readonly passwords: PasswordsService,
  ) {}

  onModuleInit(): void {
    this.events.on(InvitedWithPassword, (event) => this.create(event));
  }

  private async create({ orgId, accounts }: InvitedWithPassword): Promise<void> {
    const { users, newIds } = await this.users.ensure(accounts);
    const before = [...users.values()].filter(({ id }) => !newIds.has(id));
    const statuses = await this.existing.statusesOf(
      orgId,
      before.map(({ id }) => id),
    );
    const digests = accounts.map(({ email, passwordDigest }) => ({
      userId: getOrThrow(users, email).id,
      digest: passwordDigest,
    }));
    await this.passwords.chooseFirst(
      digests.filter(({ userId }) => newIds.has(userId) || statuses.get(userId) === 'unused'),
      { chosenBy: 'organization_admin', issuingOrgId: orgId },
    );
  }
}
