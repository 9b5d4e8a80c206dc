import { Forbidden, NotFound, type Problem } from '../../../../common/errors/domain-error.js';

export class ServiceAccountNotFound extends NotFound {
  readonly code = 'service_account_not_found';
  constructor() {
    super('There is no such service account here.');
  }
}

/** Workspaces or roles that do not exist in the organization, one problem for each. */
export class AssignmentsNotFound extends NotFound {
  readonly code = 'assignments_not_found';
  constructor(problems: Problem[]) {
    super('some of these workspaces or roles do not exist', { problems });
  }
}

/** Roles that allow more than the caller holds in the workspace, one problem for each. */
export class AssignmentsForbidden extends Forbidden {
  readonly code = 'assignments_forbidden';
  constructor(problems: Problem[]) {
    super('some of these roles may not be granted', { problems });
  }
}
