import {
  Conflict,
  Forbidden,
  NotFound,
  type Problem,
  Unprocessable,
} from '../../../../common/errors/domain-error.js';

export class ApiKeyNotFound extends NotFound {
  static readonly message = 'There is no such key here.';
}

export class InvalidExpiry extends Unprocessable {
  constructor(msg: string) {
    super('the expiry of the key is not allowed', {
      problems: [{ loc: ['body', 'expires_at'], msg, type: 'value_error' }],
    });
  }
}

export class InvalidKeyScope extends Unprocessable {
  constructor(field: 'workspaces' | 'org_role_id' | 'default_workspace_id', msg: string) {
    super('the scope of the key is not valid', {
      problems: [{ loc: ['body', field], msg, type: 'value_error' }],
    });
  }
}

export class OnlyAdminsManageOrgWideKeys extends Forbidden {
  static readonly message =
    'Keys for the whole organization are managed by organization admins; name workspaces instead.';
}

/** A leaked key must not be able to extend its own access. */
export class KeyCannotChangeItself extends Forbidden {
  static readonly message = 'A key cannot change itself; use another credential.';
}

/** docs/contract/members.md#operators */
export class OperatorCannotChangeAdminKey extends Forbidden {
  static readonly message =
    'Only organization admins give a service key the role Organization Admin or change one that has it.';
}

export class KeyCreationByKeysDisabled extends Forbidden {
  static readonly message =
    'This organization lets only signed-in users create keys; an organization admin can change ' +
    'api_key_creation_from_api_keys_enabled.';
}

/** docs/contract/keys.md#rotating-keys-and-tokens */
export class SecretReplaced extends Forbidden {
  static readonly message =
    'This secret was replaced by a rotation; use the new one to create or rotate keys and tokens.';
}

/** A token acts for a user, which a service key does not have. */
export class ServiceKeysOwnNoTokens extends Forbidden {
  static readonly message =
    'A personal access token belongs to a user; create it with a session or with a token of your own.';
}

export class MayNotListMemberTokens extends Forbidden {
  static readonly message = 'Only organization admins may view the personal access tokens of other members.';
}

export class OnlyOwnersRotateTokens extends Forbidden {
  static readonly message =
    'Only its owner may rotate a personal access token, since the new secret acts for them; it can be revoked instead.';
}

/** The caller would learn a secret that works after their own (docs/contract/keys.md#rotating-keys-and-tokens). */
export class RotationOutlivesCaller extends Forbidden {
  static readonly message =
    'The new secret would work after the key or token of this request has ended; rotate with a session.';
}

export class CredentialHasEnded extends Conflict {
  static readonly message = 'It has expired or is revoked, so that a new secret would not work.';
}

/** A token ends with the one with which it was created (docs/contract/keys.md#tokens-made-with-tokens). */
export class ParentTokenRevoked extends Conflict {
  static readonly message = 'The token with which this one was created is revoked; reinstate that one first.';
}

export class ServiceAccountNotFound extends NotFound {
  static readonly message = 'There is no such service account here.';
}

/** Workspaces or roles that do not exist in the organization, one problem for each. */
export class AssignmentsNotFound extends NotFound {
  constructor(problems: Problem[]) {
    super('some of these workspaces or roles do not exist', { problems });
  }
}

/** Roles that allow more than the caller holds in the workspace, one problem for each. */
export class AssignmentsForbidden extends Forbidden {
  constructor(problems: Problem[]) {
    super('some of these roles may not be granted', { problems });
  }
}
