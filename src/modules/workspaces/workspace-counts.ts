/** Numbers of members, of pending invitations, and of roles that the attribute `roles` of SCIM users gives. */
export type WorkspaceCount = {
  readonly members: number;
  readonly pending: number;
  readonly provisionedRoles: number;
};

/** Provided by the SCIM module, which can count all of them. */
export abstract class WorkspaceCounts {
  /** Of each workspace of the organization, by its id. */
  abstract ofOrg(orgId: string): Promise<ReadonlyMap<string, WorkspaceCount>>;
}
