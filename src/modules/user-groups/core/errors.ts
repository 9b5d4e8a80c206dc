import { BadRequest, Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

/** The organization does not have the feature (docs/contract/user-groups.md#feature). */
export class UserGroupsDisabled extends Forbidden {
  static readonly message = 'This organization does not have user groups (can_use_teams).';
  override readonly remedy = 'The operator of this installation can allow user groups for the organization.';
}

export class UserGroupNotFound extends NotFound {
  static readonly message = 'There is no such user group here.';
}

/** The operation exists for the other kind of groups (docs/contract/user-groups.md#kinds-of-groups). */
export class WrongKindOfUserGroup extends BadRequest {
  constructor(kind: 'organization' | 'workspace') {
    super(
      kind === 'organization'
        ? 'This is for user groups of the organization; a workspace group follows the grant that it belongs to.'
        : 'This is for workspace groups.',
    );
  }
}

export class UserGroupNameTaken extends Conflict {
  static readonly message = 'A user group with this name exists already.';
}

export class IdpGroupNameTaken extends Conflict {
  static readonly message = 'Another user group follows this group of the identity provider already.';
}

export class UserGroupSyncNeedsName extends BadRequest {
  static readonly message = 'Synchronization needs an idp_group_name.';
}

export class UserGroupGrantNotFound extends NotFound {
  static readonly message = 'The user group has no role in this workspace.';
}

export class UserGroupGrantExists extends Conflict {
  static readonly message = 'The user group has a role in this workspace already; change it with PATCH.';
}

export class UserGroupWorkspaceNotFound extends NotFound {
  static readonly message = 'There is no such workspace here.';
}

/** Groups have roles in workspaces only. */
export class NotAWorkspaceRole extends BadRequest {
  static readonly message = 'Roles of the organization cannot be given to user groups.';
}

/** An attachment for a workspace ends with the grant there (docs/contract/user-groups.md#effective-permissions). */
export class PolicyOfOtherWorkspace extends BadRequest {
  static readonly message = 'Policies are attached for workspaces in which the user group has a role.';
}

/** A caller changes a group within what they hold themselves (docs/contract/user-groups.md#guards). */
export class UserGroupExceedsRights extends Forbidden {}

export class SynchronizedMember extends Conflict {
  static readonly message = 'The identity provider put this member into the user group.';
  override readonly remedy = 'Change it in the identity provider.';
}
