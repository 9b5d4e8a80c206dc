import { Conflict } from '../../common/errors/domain-error.js';

export class ServiceAccountNameTaken extends Conflict {
  readonly code = 'service_account_name_taken';
  static readonly message = 'A service account with this name exists already.';
}
