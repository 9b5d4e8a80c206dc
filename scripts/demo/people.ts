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

/** Besides the admin, three people of the identity provider and those who accept, which makes 200 members. */
export const MEMBERS: readonly Person[] = Array.from({ length: 193 }, (_, index) => personAt(index));

/** People who are invited, by what has become of the invitation. The first of those who accept manages a workspace. */
export const INVITED = {
  pending: peopleFrom(193, 9),
  expired: peopleFrom(202, 4),
  revoked: peopleFrom(206, 3),
  accepted: peopleFrom(209, 3).map((person, at) => (at === 0 ? adminOfSearch(person) : person)),
};

function peopleFrom(first: number, count: number): Person[] {
  return Array.from({ length: count }, (_, at) => personAt(first + at));
}

function adminOfSearch(person: Person): Person {
  return { ...person, workspaces: ['Search'], workspaceRole: 'WORKSPACE_ADMIN' };
}

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
