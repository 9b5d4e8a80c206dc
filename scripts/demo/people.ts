/** The invented people and workspaces of the demo. The same on every run. */
export const ADMIN = {
  email: 'ada@example.com',
  fullName: 'Ada Lovelace',
  password: 'Demo-Of-Tenantry-1!',
};
export const ORGANIZATION = 'Analytical Engines';
/** The first one is the workspace of the first start. */
export const WORKSPACES = ['Search', 'Support', 'Billing', 'Research', 'Mobile', 'Data', 'Platform', 'Sales'];

const GIVEN = [
  ...['Grace', 'Katherine', 'Radia', 'Barbara', 'Margaret', 'Frances', 'Edsger', 'Donald', 'Alan', 'Hedy'],
  ...['Dennis', 'Ken', 'Adele', 'Shafi', 'Leslie', 'Niklaus', 'Anita', 'Tim', 'Joan', 'Karen'],
];
const FAMILY = [
  'Hopper',
  'Johnson',
  'Perlman',
  'Liskov',
  'Hamilton',
  'Allen',
  'Goldberg',
  'Clarke',
  'Wirth',
  'Kay',
];

export type Person = {
  readonly email: string;
  readonly fullName: string;
  /** Names of roles as in GET /api/v1/orgs/current/roles. */
  readonly organizationRole: string;
  readonly workspaceRole: string;
  readonly workspaces: readonly string[];
};

/** Besides the admin and three people of the identity provider, so that the organization has 200 members. */
export const MEMBERS: readonly Person[] = Array.from({ length: 196 }, (_, index) => personAt(index));

/** People who are invited, by what has become of the invitation. */
export const INVITED = {
  pending: Array.from({ length: 9 }, (_, index) => personAt(196 + index)),
  expired: Array.from({ length: 4 }, (_, index) => personAt(205 + index)),
  revoked: Array.from({ length: 3 }, (_, index) => personAt(209 + index)),
};

function personAt(index: number): Person {
  const given = GIVEN[index % GIVEN.length] ?? '';
  const family = FAMILY[Math.floor(index / GIVEN.length) % FAMILY.length] ?? '';
  const isRepeated = index >= GIVEN.length * FAMILY.length;
  const name = `${given}.${family}${isRepeated ? '2' : ''}`.toLowerCase();
  return {
    email: `${name}@example.com`,
    fullName: isRepeated ? `${given} ${family} II` : `${given} ${family}`,
    organizationRole: organizationRoleAt(index),
    workspaceRole: workspaceRoleAt(index),
    workspaces: WORKSPACES.filter((_, at) => (index + at) % 8 === 0 || (index * 3 + at) % 11 === 0),
  };
}

function organizationRoleAt(index: number): string {
  if (index === 40 || index === 120) return 'ORGANIZATION_ADMIN';
  if (index % 60 === 20) return 'ORGANIZATION_OPERATOR';
  return index % 9 === 5 ? 'ORGANIZATION_VIEWER' : 'ORGANIZATION_USER';
}

function workspaceRoleAt(index: number): string {
  if (index % 25 === 0) return 'WORKSPACE_ADMIN';
  if (index % 7 === 3) return 'Reviewer';
  return index % 4 === 2 ? 'WORKSPACE_VIEWER' : 'WORKSPACE_USER';
}
