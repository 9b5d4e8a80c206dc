import { expect, it } from '@jest/globals';
import { ApiError } from '@tenantry/client';
import { isSent, markRefused, previewPeople, rolesGiven } from './preview-people';

const role = (name: string, displayName: string, scope: 'workspace' | 'organization') => ({
  id: displayName,
  name,
  display_name: displayName,
  description: '',
  permissions: [],
  access_scope: scope,
});
const MEMBER = role('ORGANIZATION_USER', 'Organization User', 'organization');
const EDITOR = role('WORKSPACE_USER', 'Editor', 'workspace');
const NAMED = [
  MEMBER,
  role('ORGANIZATION_VIEWER', 'Organization Viewer', 'organization'),
  EDITOR,
  role('WORKSPACE_VIEWER', 'Viewer', 'workspace'),
  role('CUSTOM', 'Annotator', 'workspace'),
  role('CUSTOM', 'Guest', 'workspace'),
  role('CUSTOM', 'guest', 'workspace'),
];
const entry = (email: string, roleName: string | null = null) => ({ email, fullName: null, roleName });

/** In the dialog of the organization. */
const preview = (entries: ReturnType<typeof entry>[], hasWorkspaces = true) =>
  previewPeople(
    entries,
    { named: NAMED, organizationRole: MEMBER, workspaceRole: hasWorkspaces ? EDITOR : null },
    async () => () => ({ state: 'newInWorkspaces' }),
  );

it.each<[roleName: string | null, given: string[]]>([
  [null, ['Organization User', 'Editor']],
  ['organization viewer', ['Organization Viewer', 'Editor']],
  ['ORGANIZATION_VIEWER', ['Organization Viewer', 'Editor']],
  ['VIEWER', ['Organization User', 'Viewer']],
  ['Annotator', ['Organization User', 'Annotator']],
])('gives to who has the role %s in the list: %j', async (roleName, given) => {
  const [row] = await preview([entry('ada@example.com', roleName)]);
  expect(row && rolesGiven(row)).toEqual(given);
});

it.each<[roleName: string, hasWorkspaces: boolean, state: string]>([
  ['Captain', true, 'unknownRole'],
  ['CUSTOM', true, 'unknownRole'],
  ['Guest', true, 'ambiguousRole'],
  ['Viewer', false, 'needsWorkspaces'],
])('sends no row with the role %s (workspaces chosen: %j)', async (roleName, hasWorkspaces, state) => {
  const rows = await preview([entry('ada@example.com', roleName)], hasWorkspaces);
  expect(rows).toMatchObject([{ state }]);
  expect(rows.filter(isSent)).toEqual([]);
});

it.each<[roleName: string | null, offered: string[]]>([
  ['Viewer', ['Editor → Viewer']],
  ['Organization Viewer', ['Organization User → Organization Viewer']],
  ['Editor', []],
  ['Captain', []],
  [null, []],
])(
  'offers a member for the role %s of the list in the place of the one they have: %j',
  async (roleName, offered) => {
    const held = [MEMBER, EDITOR].map(({ id, display_name: name }) => ({
      id,
      name,
      change: async () => null,
    }));
    const [row] = await previewPeople(
      [entry('ada@example.com', roleName)],
      { named: NAMED, organizationRole: MEMBER, workspaceRole: EDITOR },
      async () => () => ({ state: 'memberOfWorkspaces', held }),
    );
    expect(row?.otherRoles.map(({ role: has, wanted }) => `${has} → ${wanted.display_name}`)).toEqual(
      offered,
    );
  },
);

it('sends an address once, however it is written', async () => {
  const rows = await preview(
    ['a..b@x.org', 'ada@Bücher.org', 'ADA@xn--bcher-kva.org'].map((one) => entry(one)),
  );
  expect(rows.map(({ state }) => state)).toEqual(['malformed', 'newInWorkspaces', 'duplicate']);
});

it('marks the rows that the server refused, by their position among those sent', async () => {
  const rows = await preview(['broken', 'ada@x.org', 'grace@x.org', 'alan@x.org'].map((one) => entry(one)));
  const refusal = new ApiError({
    status: 422,
    code: 'validation_failed',
    problems: [
      { loc: ['body', 1, 'email'], msg: 'No seat.' },
      { loc: ['body', 1, 'role_id'], msg: 'No role.' },
    ],
  });

  const marked = markRefused(rows, refusal);

  expect(marked?.filter(({ state }) => state === 'refused')).toMatchObject([
    { email: 'grace@x.org', refusal: { code: 'validation_failed', problems: refusal.problems } },
  ]);
  expect(marked?.filter(isSent).map(({ email }) => email)).toEqual(['ada@x.org', 'alan@x.org']);
});

it('marks no row for an error that names none', async () => {
  const rows = await preview([entry('ada@x.org')]);
  expect(
    markRefused(
      rows,
      new ApiError({ status: 422, code: '', problems: [{ loc: ['body'], msg: 'Too long.' }] }),
    ),
  ).toBeNull();
  expect(markRefused(rows, new Error('no response'))).toBeNull();
});
