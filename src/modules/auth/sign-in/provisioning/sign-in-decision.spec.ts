import { describe, expect, it } from '@jest/globals';
import { decideSignIn, type SignInFacts } from './sign-in-decision.js';

/** A new user without an invitation, with all features enabled. */
const NEW_USER: SignInFacts = {
  unmetRequirement: null,
  hasEmail: true,
  emailIsVerified: true,
  verificationIsUnknown: false,
  emailDomain: 'allowed',
  account: 'free',
  access: 'none',
  accessElsewhere: 'none',
  invitation: 'none',
  isInvitedElsewhere: false,
  orgIsDisabled: false,
  invitesEnabled: true,
  jitEnabled: true,
  requiredGroup: 'not_asked',
  seatIsFree: true,
  accessHasEnded: false,
};

const decide = (facts: Partial<SignInFacts>) => {
  const decision = decideSignIn({ ...NEW_USER, ...facts });
  return 'refusal' in decision ? decision.refusal : `${decision.rule}, ${decision.account}`;
};
type Row = [Partial<SignInFacts>, string];
const row = (expected: string, facts: Partial<SignInFacts> = {}): Row => [facts, expected];

const UNVERIFIED = { emailIsVerified: false };
const UNKNOWN = { ...UNVERIFIED, verificationIsUnknown: true };
const NO_JIT = { jitEnabled: false };
const NO_INVITES = { invitesEnabled: false };
const INVITED = { invitation: 'usable' } as const;
const EXPIRED = { invitation: 'expired' } as const;
const NO_GROUP = { requiredGroup: 'missing' } as const;
const NOT_SENT = { requiredGroup: 'not_sent' } as const;
const MEMBER = { account: 'known', access: 'active' } as const;
const DISABLED = { account: 'known', access: 'disabled' } as const;

describe('the published table of invitations and just-in-time provisioning', () => {
  it.each<Row>([
    row('invitation, new', { ...INVITED }),
    row('jit, new'),
    row('invitation, new', { ...INVITED, ...NO_JIT }),
    row('no_access', { ...NO_JIT }),
    row('jit, new', { ...INVITED, ...NO_INVITES }),
    row('jit, new', { ...NO_INVITES }),
    row('no_access', { ...INVITED, ...NO_INVITES, ...NO_JIT }),
    row('no_access', { ...NO_INVITES, ...NO_JIT }),
  ])('decides a sign-in of the published table with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('requirement of the organization', () => {
  it.each<Row>([
    row('acr', { unmetRequirement: 'acr', ...MEMBER }),
    row('amr', { unmetRequirement: 'amr' }),
    row('age', { unmetRequirement: 'age', hasEmail: false, ...NO_GROUP }),
  ])('refuses first a sign-in that does not meet it: %j is %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('account of a sign-in', () => {
  it.each<Row>([
    row('no_email', { hasEmail: false }),
    row('no_email', { hasEmail: false, ...MEMBER }),
    row('jit, known', { account: 'known' }),
    row('jit, new', { account: 'free' }),
    row('jit, joined', { account: 'held' }),
    row('existing_access, joined', { account: 'held', access: 'active' }),
    row('invitation, joined', { account: 'held', ...INVITED }),
    row('email_not_verified', { account: 'held', ...UNVERIFIED }),
    row('email_not_verified', { account: 'held', access: 'active', ...UNVERIFIED }),
    row('account_has_another_login', { account: 'held_with_sso_login' }),
    row('scim_subject_mismatch', { account: 'held_with_unused_scim_login' }),
    row('scim_subject_mismatch', { account: 'held_with_unused_scim_login', ...UNVERIFIED }),
    row('account_has_another_login', { account: 'held_with_sso_login', access: 'active' }),
    row('account_has_another_login', { account: 'held_with_sso_login', ...UNVERIFIED }),
  ])('decides which account is used with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('an unverified e-mail address', () => {
  it.each<Row>([
    row('jit, new', { ...UNVERIFIED, ...INVITED }),
    row('email_not_verified', { ...UNVERIFIED, ...INVITED, ...NO_JIT }),
    row('email_not_verified', { ...UNVERIFIED, ...NO_JIT }),
    row('email_not_verified', { ...UNVERIFIED, ...EXPIRED, ...NO_JIT }),
    row('email_not_verified', { ...UNVERIFIED, ...NO_JIT, isInvitedElsewhere: true }),
    row('email_verification_unknown', { ...UNKNOWN, account: 'held', access: 'active' }),
    row('email_verification_unknown', { ...UNKNOWN, ...INVITED, ...NO_JIT }),
    row('jit, new', { ...UNKNOWN }),
    row('existing_access, known', { ...UNVERIFIED, ...MEMBER }),
    row('jit, known', { ...UNVERIFIED, ...INVITED, account: 'known' }),
  ])('decides a sign-in without a verified e-mail with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('allowed domains of e-mail addresses', () => {
  it.each<Row>([
    row('email_domain_not_allowed', { emailDomain: 'not_allowed' }),
    row('email_domain_not_allowed', { emailDomain: 'not_allowed', ...MEMBER }),
    row('email_domain_not_allowed', { emailDomain: 'not_allowed', ...INVITED }),
    row('email_not_verified', { emailDomain: 'not_verified', ...UNVERIFIED }),
    row('email_not_verified', { emailDomain: 'not_verified', ...MEMBER }),
    row('email_verification_unknown', { emailDomain: 'not_verified', ...UNKNOWN }),
    row('no_email', { emailDomain: 'not_allowed', hasEmail: false }),
  ])('decides a sign-in with a list of domains with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('existing access', () => {
  it.each<Row>([
    row('existing_access, known', { ...MEMBER }),
    row('existing_access, known', { ...MEMBER, ...NO_JIT, ...NO_INVITES, seatIsFree: false }),
    row('existing_access, known', { ...MEMBER, ...INVITED }),
    row('existing_access, known', { ...MEMBER, orgIsDisabled: true }),
    row('existing_access, known', { account: 'known', accessElsewhere: 'active' }),
    row('invitation, known', { account: 'known', accessElsewhere: 'active', ...INVITED }),
    row('invitation, known', { account: 'known', accessElsewhere: 'disabled', ...INVITED }),
    row('member_disabled', { ...DISABLED }),
    row('member_disabled', { ...DISABLED, ...INVITED, isInvitedElsewhere: true }),
    row('existing_access, known', { ...DISABLED, accessElsewhere: 'active' }),
    row('member_disabled', { account: 'known', accessElsewhere: 'disabled' }),
  ])('decides a sign-in of an existing member with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('required group', () => {
  it.each<Row>([
    row('no_required_group', { ...NO_GROUP }),
    row('no_required_group', { ...NO_GROUP, ...MEMBER }),
    row('no_required_group', { ...NO_GROUP, ...INVITED, ...NO_JIT }),
    row('groups_not_sent', { ...NOT_SENT }),
    row('groups_not_sent', { ...NOT_SENT, ...MEMBER }),
    row('groups_not_sent', { ...NOT_SENT, ...INVITED, ...NO_JIT }),
    row('no_access', { ...NOT_SENT, ...NO_JIT }),
    row('no_access', { ...NO_GROUP, ...NO_JIT }),
    row('existing_access, known', { ...NO_GROUP, account: 'known', accessElsewhere: 'active' }),
    row('invited_elsewhere, new', { ...NO_GROUP, isInvitedElsewhere: true }),
    row('jit, new', { requiredGroup: 'held' }),
    row('invitation, new', { requiredGroup: 'held', ...INVITED }),
    row('no_access', { requiredGroup: 'held', ...NO_JIT }),
  ])('decides a sign-in with a required group with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('seats, expired invitations and other organizations', () => {
  it.each<Row>([
    row('seats_used_up', { seatIsFree: false }),
    row('invitation, new', { seatIsFree: false, ...INVITED }),
    row('no_access', { seatIsFree: false, ...NO_JIT }),
    row('access_ended', { accessHasEnded: true }),
    row('access_ended', { accessHasEnded: true, seatIsFree: false }),
    row('access_ended', { accessHasEnded: true, ...NO_JIT, ...EXPIRED }),
    row('invitation, new', { accessHasEnded: true, ...INVITED }),
    row('invited_elsewhere, new', { accessHasEnded: true, isInvitedElsewhere: true }),
    row('existing_access, known', { accessHasEnded: true, account: 'known', accessElsewhere: 'active' }),
    row('jit, new', { ...EXPIRED }),
    row('invitation_expired', { ...EXPIRED, ...NO_JIT }),
    row('no_access', { ...EXPIRED, ...NO_JIT, ...NO_INVITES }),
    row('jit, new', { isInvitedElsewhere: true }),
    row('invited_elsewhere, new', { isInvitedElsewhere: true, ...NO_JIT }),
    row('invited_elsewhere, new', { isInvitedElsewhere: true, seatIsFree: false }),
    row('organization_disabled', { orgIsDisabled: true }),
    row('organization_disabled', { orgIsDisabled: true, ...INVITED }),
    row('invited_elsewhere, new', { orgIsDisabled: true, isInvitedElsewhere: true }),
  ])('decides a sign-in with seats and invitations with %j as %s', (facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });
});

describe('all combinations of facts', () => {
  const values = {
    unmetRequirement: [null], // another one is refused first
    hasEmail: [true, false],
    emailIsVerified: [true, false],
    verificationIsUnknown: [true, false],
    emailDomain: ['allowed', 'not_verified', 'not_allowed'],
    account: ['known', 'held', 'held_with_sso_login', 'free'],
    access: ['active', 'disabled', 'none'],
    accessElsewhere: ['active', 'disabled', 'none'],
    invitation: ['usable', 'expired', 'none'],
    isInvitedElsewhere: [true, false],
    orgIsDisabled: [true, false],
    invitesEnabled: [true, false],
    jitEnabled: [true, false],
    requiredGroup: ['not_asked', 'held', 'missing', 'not_sent'],
    seatIsFree: [true, false],
    accessHasEnded: [true, false],
  } satisfies { [Name in keyof SignInFacts]: SignInFacts[Name][] };

  const all = Object.entries(values).reduce<Record<string, unknown>[]>(
    (facts, [name, options]) =>
      facts.flatMap((fact) => options.map((option) => ({ ...fact, [name]: option }))),
    [{}],
  ) as SignInFacts[];
  const admitted = all.flatMap((facts) => {
    const decision = decideSignIn(facts);
    return 'rule' in decision ? [{ facts, ...decision }] : [];
  });
  const wrong = (condition: (row: (typeof admitted)[number]) => boolean) => admitted.filter(condition)[0];

  it('covers all combinations of facts', () => {
    expect(all).toHaveLength(663_552);
    expect(admitted.length).toBeGreaterThan(1000);
  });

  it('never links an account or accepts an invitation with an unverified e-mail', () => {
    expect(
      wrong(
        ({ facts, rule, account }) =>
          !facts.emailIsVerified &&
          (account === 'joined' || rule === 'invitation' || rule === 'invited_elsewhere'),
      ),
    ).toBeUndefined();
  });

  it('never admits a user without a verified e-mail of an allowed domain', () => {
    expect(wrong(({ facts }) => facts.emailDomain !== 'allowed')).toBeUndefined();
  });

  it('never links an account that has another login of a provider', () => {
    expect(wrong(({ facts }) => facts.account === 'held_with_sso_login')).toBeUndefined();
  });

  it('never provisions a user who is a member of any organization', () => {
    expect(
      wrong(
        ({ facts, rule }) =>
          rule === 'jit' && [facts.access, facts.accessElsewhere].some((a) => a !== 'none'),
      ),
    ).toBeUndefined();
  });

  it('never admits a user to the organization without the required group', () => {
    expect(
      wrong(
        ({ facts, rule }) =>
          (facts.requiredGroup === 'missing' || facts.requiredGroup === 'not_sent') &&
          (facts.access === 'active' || rule === 'invitation' || rule === 'jit'),
      ),
    ).toBeUndefined();
  });

  it('never exceeds the seats or admits a user by a disabled feature', () => {
    expect(
      wrong(
        ({ facts, rule }) =>
          (rule === 'jit' && !(facts.seatIsFree && facts.jitEnabled && !facts.accessHasEnded)) ||
          (rule === 'invitation' && !facts.invitesEnabled),
      ),
    ).toBeUndefined();
  });
});
