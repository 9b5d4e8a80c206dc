/** The size of the installation that `npm run bench -- growth` fills. */
export const SIZES = {
  users: 1_000_000,
  organizations: 10_000,
  giantMembers: 300_000,
  giantWorkspaces: 50,
  giantInvitations: 50_000,
  largeGroupMembers: 50_000,
  organizationsOfOnePerson: 1_000,
  auditEntries: 5_000_000,
  auditDays: 300,
} as const;

/** The ids are the same in each run, so that `cases.ts` can name them. */
export const ID = {
  giant: '00000000-0000-4000-8000-000000000001',
  giantWorkspace: '00000000-0000-4000-9000-000000000001',
  smallWorkspace: '00000000-0000-4000-9000-000000000002',
  /** A member of `organizationsOfOnePerson` organizations. */
  busyPerson: '00000000-0000-4000-a000-000000000001',
} as const;
