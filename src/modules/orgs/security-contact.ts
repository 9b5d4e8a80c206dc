import { canonicalEmail, InvalidEmail } from '../../common/email/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';

/** What is wrong with the `security_contact` of a request; an absent or cleared one is fine. */
export function contactProblems(contact: string | null | undefined): Problem[] {
  try {
    if (contact) canonicalEmail(contact);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    return [{ loc: ['body', 'security_contact'], msg: error.message, type: 'value_error' }];
  }
}
