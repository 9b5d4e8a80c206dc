/** Numbers of members and pending invitations. */
export type WorkspaceCount = { readonly members: number; readonly pending: number };

/** Provided by the invitations module, which can count both. */
export abstract class WorkspaceCounts {
  /** Of each workspace of the organization, by its id. */
  abstract ofOrg(orgId: string): Promise<ReadonlyMap<string, WorkspaceCount>>;
}
