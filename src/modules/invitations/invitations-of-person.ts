import { Injectable } from '@nestjs/common';
import { OrganizationDisabled, SsoRequired } from '../../common/access/access.errors.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import { type Org, OrgsService } from '../orgs/index.js';
import { LoginMethodsService } from '../users/index.js';
import {
  EmailNotConfirmed,
  InvitationExpired,
  InvitationNotFound,
  InvitesDisabled,
} from './invitations.errors.js';
import { hasExpired } from './invitation-status.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

type Person = Pick<UserPrincipal, 'userId' | 'email' | 'sessionMethod'>;

/** The invitations a signed-in person may act on: addressed to the e-mail of his account, which has to be proved his. */
@Injectable()
export class InvitationsOfPerson {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsService,
    private readonly logins: LoginMethodsService,
  ) {}

  /** Oldest first. Expired ones admit nobody and are not shown. */
  async listUsable({ userId, email }: Person): Promise<Invitation[]> {
    if (!(await this.logins.emailIsVouchedFor(userId))) return [];
    const pending = await this.invitations.listPendingFor(email);
    return pending.filter((invitation) => !hasExpired(invitation));
  }

  /** The organizations of those. */
  async listOrgs(person: Person): Promise<Org[]> {
    const usable = await this.listUsable(person);
    return this.orgs.list(usable.map(({ orgId }) => orgId));
  }

  /** Throws EmailNotConfirmed, InvitationNotFound. */
  async get({ userId, email }: Person, orgId: string): Promise<Invitation> {
    if (!(await this.logins.emailIsVouchedFor(userId))) throw new EmailNotConfirmed();
    const invitation = (await this.invitations.findPendingByEmails(orgId, [email])).get(email);
    if (!invitation) throw new InvitationNotFound();
    return invitation;
  }

  /** `get`, of one that can be accepted now. Throws OrganizationDisabled, InvitationExpired, InvitesDisabled, SsoRequired too. */
  async getUsable(person: Person, orgId: string): Promise<Invitation> {
    const invitation = await this.get(person, orgId);
    const { isDisabled, invitesEnabled, ssoOnly } = await this.orgs.get(orgId);
    if (isDisabled) throw new OrganizationDisabled();
    if (hasExpired(invitation)) throw new InvitationExpired();
    if (!invitesEnabled) throw new InvitesDisabled();
    if (ssoOnly && person.sessionMethod === 'password') throw new SsoRequired();
    return invitation;
  }
}
