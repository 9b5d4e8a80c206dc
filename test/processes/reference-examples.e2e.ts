/** @takes-long */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { policy } from '../support/access-policies.js';
import type { OrgWithAdmin, Person } from '../support/fixtures.js';
import { anotherWorkspace, customRole, invitation } from '../support/invitations.js';
import { groupWith, userGroup, VIEWER } from '../support/user-groups.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The page's own modules; these two need no browser. */
const page = (file: string): Promise<any> => import(`../../reference-page/${file}`);

/** Operations that need an identity provider, a mail or a public URL; other tests run them. */
const ELSEWHERE =
  /login\/password|oauth|\/sso\/|login-methods|sso-settings\/(\{id\}|connection|test-sign-in)|set-default-sso|signed-out|authzen-configuration|openid-configuration|userinfo|access-requests(\/targets|\/\{access_request_id\})?$/;
/** Ends the sessions of its caller, so that the admin's clients would stop working. */
const EVERY_SESSION = /\/me\/sessions$/;
/** Need a group of the right kind, which the first row of a list need not be; the tests of user groups ask for them. */
const OF_ONE_KIND = /^GET .*\/user-groups\/\{user_group_id\}\/(workspace-members|workspaces\/\{)/;
const FOUNDING = /^POST \/api\/v1\/(orgs|tenants)$/;

let t: TestApp;
let org: OrgWithAdmin;
let key: string;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  key = (await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;
  await tag('A'); // before all other keys
});
afterAll(() => t.close());

const made = async (path: string, body: object, person = org.admin): Promise<string> =>
  (await person.api.post(path, body)).body.id;
/** Only what a token has created is rotated with it. */
const madeWithToken = async (): Promise<string> =>
  (await t.api.as({ key }).post('/api/v1/orgs/current/personal-access-tokens', {})).body.id;
const invited = (workspace_ids: string[] = []) =>
  invitation(org, { email: t.fixtures.email(), workspace_ids });

/** A group with a member and a role in the workspace. */
async function group(): Promise<Record<string, string>> {
  const member = await t.fixtures.member(org, {});
  const id = await groupWith(org, VIEWER, member);
  return {
    USER_GROUP_ID: id,
    WORKSPACE_ID: org.workspaceId,
    IDENTITY_ID: member.membershipId,
    ACCESS_POLICY_ID: await policy(org),
  };
}

/** Of a member who is not in the workspace, so that whoever pastes the example can give it. */
async function accessRequest(): Promise<string> {
  await org.admin.api.patch(`/api/v1/workspaces/${org.workspaceId}`, { requestable: true });
  const member = await t.fixtures.member(org, {});
  const api = member.api.as({ workspaceId: '' });
  const body = { workspace_id: org.workspaceId, reason: 'On call' };
  return (await api.post('/api/v1/orgs/current/access-requests', body)).body.id;
}

const RECEIVER = { url: 'https://receiver.invalid/events' };

/** Something to change or delete, for each path with a parameter. */
const THINGS: [RegExp, () => Promise<Record<string, string>>][] = [
  [
    /user-groups\/\{user_group_id\}\/workspaces$/,
    async () => ({ USER_GROUP_ID: await userGroup(org), WORKSPACE_ID: org.workspaceId }),
  ],
  [/\{user_group_id\}/, group],
  [/\{access_request_id\}/, async () => ({ ACCESS_REQUEST_ID: await accessRequest() })],
  [/\/orgs\/current\/members\/\{identity_id\}\/pending/, async () => ({ IDENTITY_ID: await invited() })],
  [/\/pending(\/resend)?$/, async () => ({ IDENTITY_ID: await invited([org.workspaceId]) })],
  [
    /\/workspaces\/current\/members\/\{/,
    async () => {
      const { userId } = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
      const [place] = await t.sql<{ id: string }>('select id from workspace_memberships where user_id = $1', [
        userId,
      ]);
      return { IDENTITY_ID: place!.id };
    },
  ],
  [
    /members\/\{identity_id\}/,
    async () => ({ IDENTITY_ID: (await t.fixtures.member(org, {})).membershipId }),
  ],
  [/\{role_id\}/, async () => ({ ROLE_ID: await customRole(org, ['workspaces:read']) })],
  [/\{api_key_id\}/, async () => ({ API_KEY_ID: await made('/api/v1/api-key', {}) })],
  [/\{pat_id\}/, async () => ({ PAT_ID: await madeWithToken() })],
  [
    /\{service_account_id\}/,
    async () => ({
      SERVICE_ACCOUNT_ID: await made('/api/v1/service-accounts', { name: t.fixtures.email() }),
    }),
  ],
  [/\{tag_key_id\}/, () => tag()],
  [/\{tagging_id\}/, () => tag()],
  [/\{access_policy_id\}/, async () => ({ ACCESS_POLICY_ID: await policy(org) })],
  [
    /\{scim_token_id\}/,
    async () => ({ SCIM_TOKEN_ID: await made('/v1/platform/orgs/current/scim/tokens', {}) }),
  ],
  [/\{webhook_id\}/, async () => ({ WEBHOOK_ID: await made('/api/v1/orgs/current/webhooks', RECEIVER) })],
  [
    /\{log_stream_id\}/,
    async () => ({ LOG_STREAM_ID: await made('/api/v1/orgs/current/log-streams', RECEIVER) }),
  ],
  [/\{session_id\}/, async () => ({ SESSION_ID: await newestSessionOf(org.admin) })],
  [/\/workspaces\/\{workspace_id\}/, async () => ({ WORKSPACE_ID: await anotherWorkspace(org) })],
];

/** A tag key with a value that a resource has. */
async function tag(name = t.fixtures.email()): Promise<Record<string, string>> {
  const TAG_KEY_ID = await made('/api/v1/workspaces/current/tag-keys', { key: name });
  const values = `/api/v1/workspaces/current/tag-keys/${TAG_KEY_ID}/tag-values`;
  const TAG_VALUE_ID = await made(values, { value: 'A' });
  const tagging = { tag_value_id: TAG_VALUE_ID, resource_type: 'project', resource_id: TAG_KEY_ID };
  const TAGGING_ID = await made('/api/v1/workspaces/current/taggings', tagging);
  return { TAG_KEY_ID, TAG_VALUE_ID, TAGGING_ID };
}

const newestSessionOf = async ({ email, password }: Person): Promise<string> => {
  const api = t.api.as({ token: await t.fixtures.login(email, password) });
  return (await api.get('/api/v1/me/sessions')).body[0].id;
};

/** A user whom the organization invites to its workspace: the one who can accept or decline. */
async function invitee(): Promise<{ person: Person; ids: Record<string, string> }> {
  const person = await t.fixtures.userWithoutOrg();
  await invitation(org, { email: person.email, workspace_ids: [org.workspaceId] });
  return {
    person,
    ids: { ORGANIZATION_ID: org.orgId, WORKSPACE_ID: org.workspaceId, ID: org.workspaceId },
  };
}

it('runs every example of the reference page successfully in a shell', async () => {
  const { tasksOf } = await page('description.js');
  const { curlOf } = await page('example.js');
  const description = await (await fetch(`${t.url}/openapi.json`)).json();
  const operations = tasksOf(description).flatMap((task: { operations: object[] }) => task.operations);
  const refused: string[] = [];
  let tried = 0;
  for (const operation of operations as { method: string; path: string }[]) {
    const { method, path } = operation;
    const name = `${method.toUpperCase()} ${path}`;
    if (ELSEWHERE.test(path) || FOUNDING.test(name) || OF_ONE_KIND.test(name)) continue;
    const isOwnInvitation = /\/(orgs|workspaces)\/pending\//.test(path);
    const { person, ids } = isOwnInvitation
      ? await invitee()
      : { person: EVERY_SESSION.test(path) ? await t.fixtures.member(org, {}) : org.admin, ids: {} };
    const things =
      method === 'GET' || isOwnInvitation ? {} : await THINGS.find(([at]) => at.test(path))?.[1]();
    const said = await paste(curlOf(description, operation, t.url), person, { ...ids, ...things });
    tried++;
    if (said) refused.push(`${method} ${path}: ${said}`);
  }

  expect(refused).toEqual([]);
  expect(tried).toBeGreaterThan(60);
}, 240_000);

/** The error output; empty if the example succeeds. The shell stops at the first failure. */
async function paste(example: string, person: Person, ids: Record<string, string>): Promise<string> {
  const { email, password } = person;
  const env = {
    ...{ PATH: process.env['PATH'], LANGSMITH_API_KEY: key, EMAIL: email, PASSWORD: password, ...ids },
    TOKEN: await t.fixtures.login(email, password),
  };
  const shell = `set -eo pipefail; curl() { command curl --fail-with-body "$@"; }\n${example}`;
  return promisify(execFile)('bash', ['--norc', '-c', shell], { env }).then(
    () => '',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`.slice(0, 300),
  );
}
