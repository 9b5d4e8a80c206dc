import { Injectable } from '@nestjs/common';
import { zip } from '../../../../common/collections.js';
import { awaitAll } from '../../../../database/await-all.js';
import { PendingInvitationLookup } from '../../../invitations/index.js';
import type { Org } from '../../../orgs/index.js';
import type { Provisioning } from '../../../settings/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { ResolveClaimedGroups } from './resolve-claimed-groups.js';
import type { ResolvedGroups } from './resolved-groups.js';
import type { SignInFacts } from './sign-in-decision.js';
import { type SignInOrg, SignInOrgLoader } from './sign-in-org-loader.js';
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

/**
 * Loads the contexts of decisions. The caller must hold the roster lock of the default organization, so that they
 * stay valid.
 */
@Injectable()
export class SignInContextLoader {
  constructor(
    private readonly orgs: SignInOrgLoader,
    private readonly persons: SignInPersonResolver,
    private readonly invitations: PendingInvitationLookup,
    private readonly claimedGroups: ResolveClaimedGroups,
  ) {}

  /** One for each identity, in order. */
  async loadAll(identities: readonly SsoIdentity[], orgId: string): Promise<SignInContext[]> {
    const [signInOrg, people] = await awaitAll([
      this.orgs.load(orgId),
      awaitAll(identities.map((identity) => this.loadPerson(identity, orgId))),
    ]);
    const contexts = zip(identities, people).map(([identity, person]) =>
      this.toContext(identity, signInOrg, person),
    );
    return awaitAll(contexts);
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

  private async toContext(
    { claims }: SsoIdentity,
    { org, provisioning, jitEnabled, seatIsFree }: SignInOrg,
    { person, pendingInvitation, isInvitedElsewhere }: InvitedPerson,
  ): Promise<SignInContext> {
    const groups = provisioning.groups && (await this.claimedGroups.run(org, provisioning.groups, claims));
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
}

function requiredGroup(
  { groups: rules }: Provisioning,
  held: ResolvedGroups | null,
): SignInFacts['requiredGroup'] {
  if (!rules?.isRequired) return 'not_asked';
  if (held === null) return 'not_sent';
  return held.counts.granting > 0 ? 'held' : 'missing';
}
