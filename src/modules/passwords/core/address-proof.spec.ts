import { expect, it } from '@jest/globals';
import { type AddressProof, allowsPromotion, type PasswordOrigin, proofByPassword } from './address-proof.js';

const OURS = 'our organization';
const THEIRS = 'their organization';

const origin = (
  chosenBy: PasswordOrigin['chosenBy'],
  issuingOrgId: string | null = null,
  addressProved = false,
): PasswordOrigin => ({ chosenBy, issuingOrgId, addressProved, isInOthersPersonalOrg: false });

const ORIGINS: readonly {
  what: string;
  given: PasswordOrigin | null;
  proves: AddressProof;
  /** Where there is no other organization. */
  alone: AddressProof;
  rises: boolean;
}[] = [
  { what: 'that does not exist', given: null, proves: 'none', alone: 'none', rises: true },
  {
    ...{ what: 'set after proving the address', given: origin('owner', null, true) },
    ...{ proves: 'any-role', alone: 'any-role', rises: true },
  },
  {
    ...{ what: 'chosen by our admin', given: origin('organization_admin', OURS) },
    ...{ proves: 'any-role', alone: 'any-role', rises: true },
  },
  {
    ...{ what: 'chosen by our admin, then changed', given: origin('owner', OURS) },
    ...{ proves: 'any-role', alone: 'any-role', rises: true },
  },
  {
    ...{ what: 'chosen by their admin', given: origin('organization_admin', THEIRS) },
    ...{ proves: 'none', alone: 'none', rises: false },
  },
  {
    ...{ what: 'chosen by their admin, then changed', given: origin('owner', THEIRS) },
    ...{ proves: 'none', alone: 'none', rises: false },
  },
  {
    ...{ what: 'chosen by the installation, for us', given: origin('installation', OURS) },
    ...{ proves: 'any-role', alone: 'any-role', rises: true },
  },
  {
    ...{ what: 'chosen by the installation, for them', given: origin('installation', THEIRS) },
    ...{ proves: 'none', alone: 'none', rises: false },
  },
  {
    ...{ what: 'of unknown origin', given: origin('unknown') },
    ...{ proves: 'none', alone: 'ordinary-roles', rises: false },
  },
  {
    ...{ what: 'of unknown origin, then changed', given: origin('owner') },
    ...{ proves: 'none', alone: 'ordinary-roles', rises: true },
  },
  {
    what: "of unknown origin, of an account in somebody else's personal organization",
    given: { ...origin('unknown'), isInOthersPersonalOrg: true },
    ...{ proves: 'none', alone: 'none', rises: false },
  },
];

it.each(ORIGINS)(
  'a password $what proves $proves, in the only organization $alone; allows a promotion: $rises',
  ({ given, proves, alone, rises }) => {
    expect(proofByPassword(given, { id: OURS, isOnlyOne: false })).toBe(proves);
    expect(proofByPassword(given, { id: OURS, isOnlyOne: true })).toBe(alone);
    expect(allowsPromotion(given, OURS)).toBe(rises);
  },
);
