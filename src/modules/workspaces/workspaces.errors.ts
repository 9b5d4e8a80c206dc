import { Conflict, Forbidden, NotFound, Unprocessable } from '../../common/errors/domain-error.js';

export class WorkspaceNotFound extends NotFound {
  constructor(workspaceId?: string) {
    super(workspaceId ? `There is no workspace ${workspaceId} here.` : 'There is no such workspace here.');
  }
}

export class WorkspaceIdTaken extends Conflict {
  static readonly message = 'This workspace id is in use already.';
}

export class HandleTaken extends Conflict {
  static readonly message = 'This handle is taken.';
}

/** New users would have no workspace (docs/contract/organizations.md#defaults-for-new-members). */
export class OnlyDefaultWorkspace extends Conflict {
  static readonly message =
    'This is the only default workspace of the single sign-on settings; choose another default there first.';
}

/** See docs/contract/organizations.md#handles. */
export class InvalidHandle extends Unprocessable {
  constructor() {
    super('the handle is not valid', {
      problems: [
        {
          loc: ['body', 'tenant_handle'],
          msg: `String should match pattern '${HANDLE.source}'`,
          type: 'string_pattern_mismatch',
        },
      ],
    });
  }
}

export const HANDLE = /^[a-z0-9][a-z0-9-]{1,62}$/;

export class WorkspaceLimitReached extends Forbidden {
  constructor({ isPersonal, maxWorkspaces }: { isPersonal: boolean; maxWorkspaces: number }) {
    super(
      isPersonal
        ? 'A personal organization has one workspace; other organizations can have more.'
        : `The organization has reached its limit of ${maxWorkspaces} workspaces; the operator of this installation can raise max_workspaces.`,
    );
  }
}

/** See docs/contract/passwords.md#what-a-password-proves. */
export class OneOrganizationWithPasswords extends Forbidden {
  static readonly message =
    'With basic auth there is only one organization, regardless of FF_ORG_CREATION_DISABLED and ' +
    'FF_PERSONAL_ORGS_DISABLED; the operator of this installation can set up single sign-on (OAUTH_ settings).';
}

export class OrgCreationDisabled extends Forbidden {
  static readonly message =
    'Creating organizations is switched off; the operator of this installation can set FF_ORG_CREATION_DISABLED=false.';
}

export class PersonalOrgsDisabled extends Forbidden {
  static readonly message =
    'Personal organizations are switched off; the operator of this installation can set FF_PERSONAL_ORGS_DISABLED=false.';
}
