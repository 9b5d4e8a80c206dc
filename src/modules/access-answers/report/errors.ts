import { Forbidden } from '../../../common/errors/domain-error.js';

/** The report names all keys and tokens, also those of admins. */
export class OnlyAdminsReadAccessReports extends Forbidden {
  static readonly message = 'Access reports are read by organization admins.';
}
