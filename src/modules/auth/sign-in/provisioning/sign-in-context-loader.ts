import { Injectable } from '@nestjs/common';
import { awaitAll } from '../../../../database/transactions/await-all.js';
import { PendingInvitationLookup } from '../../../invitations/index.js';
import type { Org } from '../../../orgs/index.js';
import type { Provisioning } from '../../../settings/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { ResolveClaimedGroups } from './resolve-claimed-groups.js';
import type { ResolvedGroups } from './resolved-groups.js';
import type { SignInFacts } from './sign-in-decision.js';
import { SignInOrgLoader } from './sign-in-org-loader.js';
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

/** The user of a sign-in, with the invitations of their address. */
type InvitedPerson = Pick<SignInContext, 'person' | 'pendingInvitation'> &
  Pick<SignInFacts, 'isInvitedElsewhere'>;

/** Loads the context of a decision. The caller must hold the roster lock of the default organization, so that it stays valid. */
@Injectable()
export class SignInContextLoader {
  constructor(
    private readonly orgs: SignInOrgLoader,
    private readonly persons: SignInPersonResolver,
    private readonly invitations: PendingInvitationLookup,
    private readonly claimedGroups: ResolveClaimedGroups,
  ) {}

  async load(identity: SsoIdentity, orgId: string): Promise<SignInContext> {
    const [{ org, provisioning, jitEnabled, seatIsFree }, { person, pendingInvitation, isInvitedElsewhere }] =
      await awaitAll([this.orgs.load(orgId), this.loadPerson(identity, orgId)]);
    const groups =
      provisioning.groups && (await this.claimedGroups.run(org, provisioning.groups, identity.claims));
    const facts: SignInFacts = {
      ...person,
      invitation: pendingInvitation ? (pendingInvitation.hasExpired ? 'expired' : 'usable') : 'none',
      isInvitedElsewhere,
      orgIsDisabled: org.isDisabled,
      invitesEnabled: org.invitesEnabled,
      jitEnabled,
      requiredGroup: requiredGroup(provisioning, groups),
      seatIsFree,
    };
    return { org, person, pendingInvitation, provisioning, groups, facts };
  }

  private async loadPerson(identity: SsoIdentity, orgId: string): Promise<InvitedPerson> {
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
