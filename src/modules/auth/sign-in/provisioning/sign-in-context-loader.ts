import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import { Seats } from '../../../invitations/index.js';
import { type Org, OrgsRepository, type SignInRequirement, unmetBy } from '../../../orgs/index.js';
import { type Provisioning, ProvisioningDefaults } from '../../../settings/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { ResolveClaimedGroups, type ResolvedGroups } from './resolve-claimed-groups.js';
import type { SignInFacts } from './sign-in-decision.js';
import { type SignInPerson, SignInPersonResolver } from './sign-in-person-resolver.js';
import { DefaultOrgMoved } from './sign-in.errors.js';

export type SignInContext = {
  readonly org: Org;
  readonly person: SignInPerson;
  readonly provisioning: Provisioning;
  /** Null if groups are not configured, or if the provider did not send them. */
  readonly groups: ResolvedGroups | null;
  readonly facts: SignInFacts;
};

/** Loads the context of a decision. The caller must hold the roster lock of the default organization, so that it stays valid. */
@Injectable()
export class SignInContextLoader {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly seats: Seats,
    private readonly defaults: ProvisioningDefaults,
    private readonly persons: SignInPersonResolver,
    private readonly claimedGroups: ResolveClaimedGroups,
    private readonly config: Config,
  ) {}

  /** To be read again under the lock, since another organization may become the default one while a request waits. */
  async findDefaultOrgId(): Promise<string> {
    return (await this.orgs.getDefault()).id;
  }

  /** `requirement` null: what the default organization requires. @throws DefaultOrgMoved */
  async load(
    identity: SsoIdentity,
    orgId: string,
    requirement: SignInRequirement | null,
  ): Promise<SignInContext> {
    const [{ org, provisioning, facts: orgFacts }, person] = await awaitAll([
      this.loadOrg(orgId),
      this.persons.resolve(identity, orgId),
    ]);
    if (!org.isDefault) throw new DefaultOrgMoved();
    const groups =
      provisioning.groups && (await this.claimedGroups.run(org, provisioning.groups, identity.claims));
    const facts: SignInFacts = {
      ...person,
      ...orgFacts,
      unmetRequirement: unmetBy(identity.authentication, requirement ?? org),
      requiredGroup: requiredGroup(provisioning, groups),
    };
    return { org, person, provisioning, groups, facts };
  }

  async loadOrg(orgId: string) {
    const loadSeat = async () => {
      const org = await this.orgs.get(orgId);
      return { org, seatIsFree: await this.seats.hasFreeSeat(org) };
    };
    const [{ org, seatIsFree }, provisioning] = await awaitAll([loadSeat(), this.defaults.get(orgId)]);
    const facts = {
      orgIsDisabled: org.isDisabled,
      invitesEnabled: org.invitesEnabled,
      jitEnabled: org.jitProvisioningEnabled && this.config.flags.jitProvisioning,
      seatIsFree,
    };
    return { org, provisioning, facts };
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
