import { Conflict, Forbidden, Unprocessable } from '../../common/errors/domain-error.js';

export class OnlyAdminsManageTokens extends Forbidden {
  static readonly message =
    'Only organization admins view and revoke personal access tokens and SCIM tokens here; ask for the kind service_key.';
}

export class CredentialCountDiffers extends Conflict {
  constructor(count: number) {
    super(
      `Nothing was revoked: expected_count is not ${count}, the number of credentials that would be. Check them with dry_run.`,
    );
  }
}

export class InvalidCredentialSelection extends Unprocessable {
  constructor(field: string, msg: string) {
    super('the selection of credentials is not valid', {
      problems: [{ loc: ['body', ...field.split('.')], msg, type: 'value_error' }],
    });
  }
}
