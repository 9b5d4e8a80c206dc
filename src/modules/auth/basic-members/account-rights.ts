import { Injectable } from '@nestjs/common';
import { OrgMembersService } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { PasswordsService } from '../../passwords/index.js';
import { AccountIsShared, PasswordIsTheOwners } from './errors.js';

/** Locks password or account before memberships are read, so that the answer holds until the transaction ends. */
@Injectable()
export class AccountRights {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsRepository,
    private readonly passwords: PasswordsService,
  ) {}

  /** @throws AccountIsShared */
  async assertMayRename(orgId: string, userId: string): Promise<void> {
    if (await this.isShared(orgId, userId)) throw new AccountIsShared();
  }

  /** @throws AccountIsShared or PasswordIsTheOwners */
  async assertMayChoosePassword(orgId: string, userId: string): Promise<void> {
    const { isProved } = await this.passwords.lockToChoose(userId);
    if (await this.isShared(orgId, userId)) throw new AccountIsShared();
    if (isProved) throw new PasswordIsTheOwners();
  }

  /** Whether the user is in another organization that is not personal or, seen from a personal one, in any other. */
  private async isShared(orgId: string, userId: string): Promise<boolean> {
    const memberships = await this.members.listOrgMemberships([userId]);
    const others = memberships.filter((one) => one.orgId !== orgId);
    if (others.length === 0) return false;
    const orgs = await this.orgs.listByIds(memberships.map((one) => one.orgId));
    return orgs.some(({ id, isPersonal }) => (id === orgId ? isPersonal : !isPersonal));
  }
}
