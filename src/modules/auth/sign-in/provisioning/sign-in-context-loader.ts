import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { awaitAll } from '../../../../database/await-all.js';
import { Seats, PendingInvitationLookup } from '../../../invitations/index.js';
import { type Org, OrgsService } from '../../../orgs/index.js';
import { type Provisioning, ProvisioningDefaults } from '../../../settings/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { ResolveClaimedGroups } from './resolve-claimed-groups.js';
import type { ResolvedGroups } from './resolved-groups.js';
import type { SignInFacts } from './sign-in-decision.js';
import { type SignInPerson, SignInPersonResolver } from './sign-in-person-resolver.js';

type PendingInvitation = NonNullable<Awaited<ReturnType<PendingInvitationLookup['find']>>>;

/** Everything that is loaded to decide a sign-in. */
export type SignInContext = {
  readonly org: Org;
  readonly person: SignInPerson;
  readonly pendingInvitation: PendingInvitation | null;
  readonly provisioning: Provisioning;
  /** Null if groups are not configured, or if the provider did not send them. */
  readonly groups: ResolvedGroups | null;
  readonly facts: SignInFacts;
};

/**
 * Loads the context of a decision. The caller must hold the roster lock of the default organization, so that it stays
 * valid.
 */
@Injectable()
export class SignInContextLoader {
  constructor(
    private readonly orgs: OrgsService,
    private readonly persons: SignInPersonResolver,
    private readonly invitations: PendingInvitationLookup,
    private readonly seats: Seats,
    private readonly defaults: ProvisioningDefaults,
    private readonly claimedGroups: ResolveClaimedGroups,
    private readonly config: Config,
  ) {}

  async load(identity: SsoIdentity, orgId: string): Promise<SignInContext> {
    const [{ org, seatIsFree }, { person, pendingInvitation, isInvitedElsewhere }, provisioning] =
      await awaitAll([this.loadOrg(orgId), this.loadPerson(identity, orgId), this.defaults.get(orgId)]);
    const groups =
      provisioning.groups && (await this.claimedGroups.run(org, provisioning.groups, identity.claims));
    const facts: SignInFacts = {
      ...person,
      invitation: pendingInvitation ? (pendingInvitation.hasExpired ? 'expired' : 'usable') : 'none',
      isInvitedElsewhere,
      orgIsDisabled: org.isDisabled,
      invitesEnabled: org.invitesEnabled,
      jitEnabled: org.jitProvisioningEnabled && this.config.flags.jitProvisioning,
      requiredGroup: requiredGroup(provisioning, groups),
      seatIsFree,
    };
    return { org, person, pendingInvitation, provisioning, groups, facts };
  }

  private async loadOrg(orgId: string) {
    const org = await this.orgs.get(orgId);
    return { org, seatIsFree: await this.seats.hasFreeSeat(org) };
  }

  /** The user, with the invitations of their address. */
  private async loadPerson(identity: SsoIdentity, orgId: string) {
    const person = await this.persons.resolve(identity, orgId);
    const { email } = person;
    if (email === null) return { person, pendingInvitation: null, isInvitedElsewhere: false };
    const [pendingInvitation, isInvitedElsewhere] = await awaitAll([
      this.invitations.find(orgId, email),
      this.invitations.canAcceptElsewhere(orgId, email),
    ]);
    return { person, pendingInvitation, isInvitedElsewhere };
  }
}

function requiredGroup(
  { groups: rules }: Provisioning,
  held: ResolvedGroups | null,
): SignInFacts['requiredGroup'] {
  if (!rules?.isRequired) return 'not_asked';
  if (held === null) return 'not_sent';
  return held.counts.granting > 0 ? 'held' : 'missing';
}
