import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { Seats, WaitingInvitations } from '../../invitations/index.js';
import type { Org } from '../../orgs/index.js';
import { type Provisioning, ProvisioningDefaults } from '../../settings/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import { GroupSync } from './group-sync.js';
import type { HeldGroups } from './held-groups.js';
import type { SignInFacts } from './sign-in-decision.js';
import { type SigningPerson, SigningPersons } from './signing-person.js';

type Waiting = NonNullable<Awaited<ReturnType<WaitingInvitations['find']>>>;

/** All that is known when it is decided whether somebody comes in. */
export type SignInSituation = {
  readonly org: Org;
  readonly person: SigningPerson;
  readonly waiting: Waiting | null;
  readonly provisioning: Provisioning;
  /** Null: groups play no part, or the provider has not told them. */
  readonly groups: HeldGroups | null;
  readonly facts: SignInFacts;
};

/** Reads what the decision needs; under the roster lock of the default organization, so that it stays true. */
@Injectable()
export class SignInCensus {
  constructor(
    private readonly persons: SigningPersons,
    private readonly invitations: WaitingInvitations,
    private readonly seats: Seats,
    private readonly defaults: ProvisioningDefaults,
    private readonly groupSync: GroupSync,
    private readonly config: Config,
  ) {}

  async take(identity: SsoIdentity, org: Org): Promise<SignInSituation> {
    const person = await this.persons.recognise(identity, org.id);
    const provisioning = await this.defaults.of(org.id);
    const groups =
      provisioning.groups && (await this.groupSync.read(org, provisioning.groups, identity.claims));
    const waiting = person.email ? await this.invitations.find(org.id, person.email) : null;
    const facts: SignInFacts = {
      ...person,
      invitation: waiting ? (waiting.hasExpired ? 'expired' : 'usable') : 'none',
      isInvitedElsewhere:
        person.email !== null && (await this.invitations.canAcceptOutside(org.id, person.email)),
      orgIsDisabled: org.isDisabled,
      invitesEnabled: org.invitesEnabled,
      jitEnabled: org.jitProvisioningEnabled && this.config.flags.jitProvisioning,
      requiredGroup: requiredGroup(provisioning, groups),
      seatIsFree: await this.seats.oneIsFree(org),
    };
    return { org, person, waiting, provisioning, groups, facts };
  }
}

function requiredGroup(
  { groups: rules }: Provisioning,
  held: HeldGroups | null,
): SignInFacts['requiredGroup'] {
  if (!rules?.areRequired) return 'not_asked';
  return held && held.counts.granting > 0 ? 'held' : 'missing';
}
