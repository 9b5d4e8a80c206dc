import { canonicalEmail, InvalidEmail } from '../../common/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';

/**
 * The stored form (docs/contract/members.md#e-mail-addresses). Undefined stays undefined; null clears it.
 * @throws InvalidEmail
 */
export const canonicalContact = <T extends string | null | undefined>(contact: T): T =>
  typeof contact === 'string' ? (canonicalEmail(contact) as T) : contact;

/** Problems of the `security_contact` in a request; none if it is absent or null. */
export function contactProblems(contact: string | null | undefined): Problem[] {
  try {
    canonicalContact(contact);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    return [{ loc: ['body', 'security_contact'], msg: error.message, type: 'value_error' }];
  }
}
