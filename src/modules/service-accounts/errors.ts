import { Conflict } from '../../common/errors/domain-error.js';

export class ServiceAccountNameTaken extends Conflict {
  static readonly message = 'A service account with this name exists already.';
}
