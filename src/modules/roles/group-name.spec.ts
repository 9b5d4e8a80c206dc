import { describe, expect, it } from '@jest/globals';
import { GroupNameResolver, possibleGrants } from './group-name-resolver.js';

const named = (...names: string[]) => names.map((name) => ({ id: `id of ${name}`, displayName: name }));
const ROLES = named('Admin', 'Editor', 'Viewer', 'Read only');

const meaning = (name: string, separator = ':', workspaces = ['Prod', 'Team A'], roles = ROLES) =>
  new GroupNameResolver(targets(workspaces, roles), separator).resolve(name);

/** Names of workspaces in brackets do not count; an Organization Admin did not set those in braces. */
const targets = (workspaces: readonly string[], roles = ROLES) => ({
  workspaces: workspaces.map((text) => {
    const displayName = text.replace(/^[({](.*)[)}]$/, '$1');
    const [nameCountsInGroups, nameSetByAdmin] = [!text.startsWith('('), !text.startsWith('{')];
    return { id: `id of ${text}`, displayName, nameCountsInGroups, nameSetByAdmin };
  }),
  roles,
});

const grant = (workspace: string, role: string, orgRole = 'ORGANIZATION_USER') => ({
  kind: 'workspace',
  orgRole,
  workspaceId: `id of ${workspace}`,
  roleId: `id of ${role}`,
});

describe('names of groups of admins', () => {
  it.each([
    'Organization Admin',
    'Organization Admins',
    'OrganizationAdmins',
    'organization ADMINS',
    'LS:Organization Admins',
    'Groups-Organization Admins',
    'acme_OrganizationAdmin',
    'a b:c:Organization Admins',
  ])('resolves %j to Organization Admin', (name) => {
    expect(meaning(name)).toEqual({ kind: 'admin' });
  });

  it('accepts a prefix that ends with the separator of the organization', () => {
    expect(meaning('LS&Organization Admins', '&')).toEqual({ kind: 'admin' });
    expect(meaning('LS&Organization Admins', ':')).toEqual({ kind: 'malformed' });
  });

  it.each([
    'Former Organization Admins',
    'NotOrganization Admins',
    'Ex.Organization Admins',
    'Organization Admins ',
    'Organization  Admins',
    'Organization Administrators',
    'Organization Admins (old)',
    'Organization Admins:Prod',
    'Organization Admins:Prod:Editor',
    'Organization-Admins',
    'Organisation Admins',
    'Organızation Admins',
    '',
  ])('does not resolve %j to Organization Admin', (name) => {
    expect(meaning(name)).toEqual({ kind: 'malformed' });
  });
});

describe('names of workspace groups', () => {
  it.each([
    ['Organization User:Prod:Editor', grant('Prod', 'Editor')],
    ['LS:Organization User:Team A:Read only', grant('Team A', 'Read only')],
    ['Groups-organizationuser:Prod:Viewer', grant('Prod', 'Viewer')],
    ['Organization Viewer:Prod:Viewer', grant('Prod', 'Viewer', 'ORGANIZATION_VIEWER')],
    ['Organization Operator:Prod:Admin', grant('Prod', 'Admin', 'ORGANIZATION_OPERATOR')],
  ])('resolves %j to its workspace role', (name, expected) => {
    expect(meaning(name)).toEqual(expected);
  });

  it.each([
    ['-', 'x-Organization User-Prod-Editor'],
    ['_', 'x:OrganizationUser_Prod_Editor'],
    [' ', 'Organization User Prod Editor'],
    ['&', 'x-Organization User&Prod&Editor'],
  ])('uses the separator %j of the organization', (separator, name) => {
    expect(meaning(name, separator)).toEqual(grant('Prod', 'Editor'));
  });

  it.each([
    ['Organization User:prod:Editor', 'workspace names match exactly'],
    ['Organization User:Prod:editor', 'role names match exactly'],
    ['Organization User:Prod :Editor', 'blanks are significant'],
    ['Organization User:Gone:Editor', 'there is no such workspace'],
  ])('resolves %j to unknown, since %s', (name) => {
    expect(meaning(name)).toEqual({ kind: 'unknown' });
  });

  it.each([
    'Organization User',
    'Organization User:Prod',
    'Organization User::Editor',
    'Organization User:Prod:',
    'Organization Users:Prod:Editor',
    'My Organization User:Prod:Editor',
    'Prod:Editor',
  ])('resolves %j to malformed', (name) => {
    expect(meaning(name)).toEqual({ kind: 'malformed' });
  });
});

describe('names that contain the separator', () => {
  it('resolves a name by the only split with an existing workspace and role', () => {
    expect(meaning('Organization User:a:Admin:Editor', ':', ['a:Admin'])).toEqual(grant('a:Admin', 'Editor'));
    expect(meaning('Organization User-a-b-Editor', '-', ['a-b'])).toEqual(grant('a-b', 'Editor'));
  });

  it('does not take a part of a workspace name for a role', () => {
    expect(meaning('Organization User:a:Admin', ':', ['a:Admin'])).toEqual({ kind: 'unknown' });
  });

  it('resolves to ambiguous if two splits have an existing workspace and role', () => {
    const roles = named('Admin', 'b-Admin');
    expect(meaning('Organization User-a-b-Admin', '-', ['a', 'a-b'], roles)).toEqual({ kind: 'ambiguous' });
  });

  it('resolves to ambiguous if two workspaces or two roles have the name', () => {
    expect(meaning('Organization User:Prod:Editor', ':', ['Prod', 'Prod'])).toEqual({ kind: 'ambiguous' });
    const roles = [...ROLES, { id: 'another', displayName: 'Editor' }];
    expect(meaning('Organization User:Prod:Editor', ':', ['Prod'], roles)).toEqual({ kind: 'ambiguous' });
  });

  it('resolves to ambiguous if an admin name may be a workspace role', () => {
    expect(meaning('Organization User:Prod:Organization Admin')).toEqual({ kind: 'ambiguous' });
  });
});

describe('workspaces whose name does not count', () => {
  it.each([
    ['as the only one of the name', ['(Prod)'], { kind: 'unconfirmed' }],
    ['beside one whose name counts', ['(Prod)', 'Prod'], grant('Prod', 'Editor')],
    ['beside another one', ['(Prod)', '(Prod)'], { kind: 'unconfirmed' }],
    ['with another name', ['(Lab)'], { kind: 'unknown' }],
  ])('grant nothing and make nothing ambiguous, %s', (_, workspaces, expected) => {
    expect(meaning('Organization User:Prod:Editor', ':', workspaces)).toEqual(expected);
  });

  it.each([
    ['as the only one of the name', ['{Prod}'], { kind: 'unconfirmed' }],
    ['beside one that an Organization Admin named', ['{Prod}', 'Prod'], 'Prod'],
  ] as const)(
    'make no operators unless an Organization Admin set the name, %s',
    (_, workspaces, expected) => {
      const meant =
        typeof expected === 'string' ? grant(expected, 'Editor', 'ORGANIZATION_OPERATOR') : expected;
      expect(meaning('Organization Operator:Prod:Editor', ':', [...workspaces])).toEqual(meant);
      expect(meaning('Organization User:Prod:Editor', ':', ['{Prod}'])).toEqual(grant('{Prod}', 'Editor'));
    },
  );

  it('do not confirm a role that does not exist', () => {
    expect(meaning('Organization User:Prod:Owner', ':', ['(Prod)'])).toEqual({ kind: 'unknown' });
  });

  it('are no workspaces that a name could give', () => {
    expect(possibleGrants('Organization User:Prod:Editor', [':'], targets(['(Prod)']))).toEqual([
      { ...grant('Prod', 'Editor'), workspaceId: null },
    ]);
  });
});
