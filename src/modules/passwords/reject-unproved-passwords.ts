import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { Config } from '../../config/config.js';
import { MembersAdded, MembersPromoted } from '../members/index.js';
import { allowsPromotion } from './core/address-proof.js';
import { AddressProofs } from './core/address-proofs.js';
import { PasswordProvesNothing, PromotionNeedsNewPassword } from './core/errors.js';
import { PasswordsService } from './core/passwords.service.js';

/**
 * A password that another person chose gives no membership or higher role beyond what it proves
 * (docs/contract/passwords.md#what-a-password-proves). With basic auth the change is refused; with single sign-on the
 * unused password is deleted, so that it is not valid if password login returns.
 */
@Injectable()
export class RejectUnprovedPasswords implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly proofs: AddressProofs,
    private readonly passwords: PasswordsService,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.events.on(MembersAdded, (event) =>
      this.config.sso ? this.removeUnproved(event) : this.assertProved(event),
    );
    this.events.on(MembersPromoted, (event) =>
      this.config.sso ? this.removeUnproved(event) : this.assertMayRise(event),
    );
  }

  private removeUnproved({ orgId, userIds }: MembersAdded | MembersPromoted): Promise<void> {
    return this.passwords.removeUnproved(userIds, orgId);
  }

  private async assertProved({ orgId, userIds }: MembersAdded): Promise<void> {
    const origins = await this.proofs.passwordsOf(userIds);
    if (origins.size === 0) return;
    const proofFor = await this.proofs.ofAccounts([...origins.keys()], orgId);
    const unproved = [...origins.keys()].filter((userId) => proofFor(userId) === 'none');
    if (unproved.length > 0) throw new PasswordProvesNothing(unproved.length);
  }

  private async assertMayRise({ orgId, userIds }: MembersPromoted): Promise<void> {
    const origins = await this.proofs.passwordsOf(userIds);
    const unfit = userIds.filter((userId) => !allowsPromotion(origins.get(userId) ?? null, orgId));
    if (unfit.length > 0) throw new PromotionNeedsNewPassword(unfit);
  }
}
