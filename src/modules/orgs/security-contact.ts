import { canonicalEmail, InvalidEmail } from '../../common/email/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';

/** As it is stored (contract decision 27). Absent stays absent; null clears it. Throws InvalidEmail. */
export const canonicalContact = <T extends string | null | undefined>(contact: T): T =>
  typeof contact === 'string' ? (canonicalEmail(contact) as T) : contact;

/** What is wrong with the `security_contact` of a request; an absent or cleared one is fine. */
export function contactProblems(contact: string | null | undefined): Problem[] {
  try {
    canonicalContact(contact);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    return [{ loc: ['body', 'security_contact'], msg: error.message, type: 'value_error' }];
  }
}
