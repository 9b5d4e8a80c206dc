import { Injectable } from '@nestjs/common';
import { NO_AUTHENTICATION, unmetBy } from '../../../orgs/index.js';
import type { Provisioning } from '../../../settings/index.js';
import { SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn, type SignInDecision } from './sign-in-decision.js';
import type { SignInPerson } from './sign-in-person-resolver.js';

/** `weaker`: whoever does not sign in as the organization requires. */
type ForetoldPerson = 'weaker' | 'new' | 'invited' | 'member';

export type ForetoldSignIn = {
  readonly person: ForetoldPerson;
  /** Whether the person is in a group that gives a role; null: groups decide nothing. */
  readonly hasGroup: boolean | null;
  readonly decision: SignInDecision;
};

const NEW = {
  hasEmail: true,
  emailIsVerified: true,
  verificationIsUnknown: false,
  emailDomain: 'allowed',
  account: 'free',
  access: 'none',
  accessHasEnded: false,
  accessElsewhere: 'none',
  invitation: 'none',
  isInvitedElsewhere: false,
} satisfies Partial<SignInPerson>;

const PEOPLE = [
  ['invited', { ...NEW, invitation: 'usable' }],
  ['new', NEW],
  ['member', { ...NEW, account: 'known', access: 'active' }],
] as const;

/** People of an organization that is not the default one, which alone decides about people who are new. */
const peopleElsewhere = ({ invitesEnabled }: { invitesEnabled: boolean }) =>
  [
    ['invited', { ...NEW, isInvitedElsewhere: invitesEnabled }],
    ['member', { ...NEW, account: 'known', accessElsewhere: 'active' }],
  ] as const;

/** Says what becomes of sign-ins, by the decision of sign-ins itself (docs/contract/sign-in.md#foretold-sign-ins). */
@Injectable()
export class ForetellSignIns {
  constructor(private readonly contexts: SignInContextLoader) {}

  async run(orgId: string): Promise<{ provisioning: Provisioning; signIns: ForetoldSignIn[] }> {
    const { org, provisioning, facts } = await this.contexts.loadOrg(orgId);
    const { isDefault } = org;
    const rules = isDefault ? provisioning.groups : null;
    const groups = rules ? [true, false] : [null];
    const unmet = isDefault ? unmetBy(NO_AUTHENTICATION, org) : null;
    const orgFacts = { ...facts, jitEnabled: facts.jitEnabled && isDefault, unmetRequirement: null };
    const requiredGroupOf = (hasGroup: boolean | null) => (hasGroup ? 'held' : 'missing');
    const signIns = (isDefault ? PEOPLE : peopleElsewhere(facts)).flatMap(([person, known]) =>
      groups.map((hasGroup): ForetoldSignIn => {
        const requiredGroup = rules?.isRequired ? requiredGroupOf(hasGroup) : 'not_asked';
        return { person, hasGroup, decision: decideSignIn({ ...orgFacts, ...known, requiredGroup }) };
      }),
    );
    const weaker: ForetoldSignIn[] = unmet
      ? [{ person: 'weaker', hasGroup: null, decision: { refusal: unmet } }]
      : [];
    return { provisioning, signIns: [...signIns, ...weaker] };
  }
}
