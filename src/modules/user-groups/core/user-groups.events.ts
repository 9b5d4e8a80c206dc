/** A group began to follow a group of the identity provider. Published inside the transaction. */
export class UserGroupSyncStarted {
  constructor(
    readonly orgId: string,
    readonly userGroupId: string,
    readonly idpGroupName: string,
  ) {}
}
