import { Forbidden } from '../../../common/errors/domain-error.js';

/** The report names all keys and tokens, also those of admins. */
export class OnlyAdminsReadAccessReports extends Forbidden {
  readonly code = 'only_admins_read_access_reports';
  static readonly message = 'Access reports are read by organization admins.';
}
