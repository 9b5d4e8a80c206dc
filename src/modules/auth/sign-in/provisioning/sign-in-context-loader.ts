import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { Seats, PendingInvitationLookup } from '../../../invitations/index.js';
import type { Org } from '../../../orgs/index.js';
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
    private readonly persons: SignInPersonResolver,
    private readonly invitations: PendingInvitationLookup,
    private readonly seats: Seats,
    private readonly defaults: ProvisioningDefaults,
    private readonly claimedGroups: ResolveClaimedGroups,
    private readonly config: Config,
  ) {}

  async load(identity: SsoIdentity, org: Org): Promise<SignInContext> {
    const person = await this.persons.resolve(identity, org.id);
    const provisioning = await this.defaults.get(org.id);
    const groups =
      provisioning.groups && (await this.claimedGroups.run(org, provisioning.groups, identity.claims));
    const pendingInvitation = person.email ? await this.invitations.find(org.id, person.email) : null;
    const facts: SignInFacts = {
      ...person,
      invitation: pendingInvitation ? (pendingInvitation.hasExpired ? 'expired' : 'usable') : 'none',
      isInvitedElsewhere:
        person.email !== null && (await this.invitations.canAcceptElsewhere(org.id, person.email)),
      orgIsDisabled: org.isDisabled,
      invitesEnabled: org.invitesEnabled,
      jitEnabled: org.jitProvisioningEnabled && this.config.flags.jitProvisioning,
      requiredGroup: requiredGroup(provisioning, groups),
      seatIsFree: await this.seats.hasFreeSeat(org),
    };
    return { org, person, pendingInvitation, provisioning, groups, facts };
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
