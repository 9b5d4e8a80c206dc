import { Injectable } from '@nestjs/common';
import { OrganizationDisabled, SsoRequired } from '../../common/access/access.errors.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import type { DomainError } from '../../common/errors/domain-error.js';
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
    const refusal = refusalOf(invitation, await this.orgs.get(orgId), person);
    if (refusal) throw Object.assign(refusal, { concernsOrg: orgId }); // whose admins have invited, and may wonder
    return invitation;
  }
}

function refusalOf(invitation: Invitation, org: Org, { sessionMethod }: Person): DomainError | null {
  if (org.isDisabled) return new OrganizationDisabled();
  if (hasExpired(invitation)) return new InvitationExpired();
  if (!org.invitesEnabled) return new InvitesDisabled();
  return org.ssoOnly && sessionMethod === 'password' ? new SsoRequired() : null;
}
