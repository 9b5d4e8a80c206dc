/** @takes-long */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from '@tenantry/client';
import { until } from '../support/audit-log.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { freePort } from '../support/free-port.js';
import { invitationsOf, workspaceRolesIn } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { startReceiver } from '../support/receiver.js';
import { GROUPS, permissionsOf } from '../support/user-groups.js';

/** As the READMEs of the examples say. */
beforeAll(async () => {
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  await promisify(execFile)('npm', ['run', 'client:build'], { cwd });
});

describe('examples/onboard-team', () => {
  const EXAMPLE = fileURLToPath(new URL('../../examples/onboard-team/', import.meta.url));
  const PEOPLE = join(EXAMPLE, 'people.csv');

  /** Users of the file who are known before it is read; some occur in it twice. */
  const HERE_ALREADY = ['tamara.varga@example.com', 'olga.petrov@example.com', 'mai.nguyen@example.org'];
  const IN_ORG_ONLY = ['yara.dahl@example.com', 'ruben.jansen@example.com', 'edda.singh@example.com'];
  const PENDING_HERE = ['kofi.kimura@example.org', 'lars.ferreira@example.com'];
  const PENDING_IN_ORG = [
    'zoë.ångström@example.org',
    'juergen@xn--bcher-kva.example.com',
    'hugo.tanaka@example.com',
  ];

  let t: TestApp;
  let folder: string;
  beforeAll(async () => {
    t = await startTestApp();
    folder = await mkdtemp(join(tmpdir(), 'tenantry-onboard-'));
  });
  afterAll(async () => {
    await t.close();
    await rm(folder, { recursive: true });
  });

  type Line = { line: number; email: string; event: string; why: string };
  type Run = { code: number; lines: Line[]; summary: string; stderr: string };

  /** Runs a script of the example as a user would, with the Node.js of the tests. */
  function script(name: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PATH: process.env.PATH, ...environment };
      execFile(process.execPath, [join(EXAMPLE, name), ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  async function onboard(lead: Person, file: string): Promise<Run> {
    const [workspace] = (await lead.api.get('/api/v1/workspaces')).body;
    const { code, stdout, stderr } = await script(
      'onboard.ts',
      ['--server', t.url, '--file', file, '--workspace', workspace.display_name],
      { ONBOARD_EMAIL: lead.email, ONBOARD_PASSWORD: lead.password },
    );
    const [table = '', summary = ''] = stdout.trim().split('\n\n');
    const cells = table.split('\n').map((row) => row.split(/ {2,}/));
    const lines = cells.slice(1).map(([line = '', email = '', event = '', why = '']) => ({
      ...{ line: Number(line), email, event, why },
    }));
    return { code, lines, summary, stderr };
  }

  async function csv(rows: string[]): Promise<string> {
    const file = join(folder, `${rows.length}.csv`);
    await writeFile(file, ['name,e-mail,role', ...rows].join('\n'));
    return file;
  }

  /** An organization in which workspace admins may invite, or not, and the workspace admin who leads the team. */
  async function orgWithLead({
    mayInvite,
  }: {
    mayInvite: boolean;
  }): Promise<OrgWithAdmin & { lead: Person }> {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: mayInvite });
    return { ...org, lead };
  }

  /** Makes some users of the file members or pending members. */
  async function someAreKnown(org: OrgWithAdmin): Promise<void> {
    const here = { workspace_ids: [org.workspaceId], workspace_role_id: role('WORKSPACE_VIEWER') };
    for (const email of HERE_ALREADY)
      await t.fixtures.addMember(org, { email }, { workspace: 'WORKSPACE_VIEWER' });
    for (const email of IN_ORG_ONLY) await t.fixtures.addMember(org, { email }, {});
    const { status } = await org.admin.api.post('/api/v1/orgs/current/members/batch', [
      ...PENDING_HERE.map((email) => ({ email, ...here })),
      ...PENDING_IN_ORG.map((email) => ({ email })),
    ]);
    expect(status).toBe(200);
  }

  type Place = { orgId: string; workspaceId: string };

  /** The members of the organization and of the workspace in the database. */
  async function roster({ orgId, workspaceId }: Place) {
    const emails = async (query: string, id: string) =>
      (await t.sql<{ email: string }>(query, [id])).map(({ email }) => email).sort();
    return {
      members: await emails(
        'select u.email from org_memberships m join users u on u.id = m.user_id where m.org_id = $1',
        orgId,
      ),
      membersHere: await emails(
        'select u.email from workspace_memberships m join users u on u.id = m.user_id where m.workspace_id = $1',
        workspaceId,
      ),
      pending: await emails(`select email from invitations where org_id = $1 and status = 'pending'`, orgId),
      pendingHere: await emails(
        `select i.email from invitations i join invitation_workspaces w on w.invitation_id = i.id
       where w.workspace_id = $1 and i.status = 'pending'`,
        workspaceId,
      ),
    };
  }

  const without = (all: string[], known: string[]) => all.filter((email) => !known.includes(email));

  const counts = (lines: Line[]) =>
    Object.fromEntries(
      [...Map.groupBy(lines, ({ event }) => event)].map(([event, { length }]) => [event, length]),
    );

  const emailsOf = (lines: Line[], event: string) =>
    lines
      .filter((line) => line.event === event)
      .map(({ email }) => email.toLowerCase())
      .sort();

  it('invites a file of 300 people and reports for each line what the database then contains', async () => {
    const org = await orgWithLead({ mayInvite: true });
    await someAreKnown(org);
    const before = await roster(org);

    const { code, lines, summary } = await onboard(org.lead, PEOPLE);

    expect(code).toBe(0);
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
    expect(counts(lines)).toEqual({
      invited: 262,
      'joined at once': 3,
      'was pending, workspace added': 3,
      'was pending already': 2,
      'is a member already': 3,
      duplicate: 14,
      'not invited': 13,
    });
    expect(summary).toMatch(/^300 lines: 262 invited; 3 joined at once; /);

    const after = await roster(org);
    expect(without(after.pending, before.pending)).toEqual(emailsOf(lines, 'invited'));
    expect(without(after.membersHere, before.membersHere)).toEqual(emailsOf(lines, 'joined at once'));
    expect(without(after.pendingHere, before.pendingHere)).toHaveLength(262 + 3);
    expect(after.members).toEqual(before.members);
  });

  it("reports for each line without an invitation the reason, in the server's words where it refused", async () => {
    const { lead } = await orgWithLead({ mayInvite: true });

    const { lines } = await onboard(lead, PEOPLE);

    const whyOf = (email: string) => lines.find((line) => line.email === email)?.why;
    expect(whyOf('hiroshi.endo.example.com')).toBe('The e-mail address must have exactly one @.');
    expect(whyOf('chen.wei＠example.com')).toMatch(/Unicode normalisation/);
    expect(whyOf('lena.brandt@example.com')).toBe('expected 3 columns (name, e-mail, role), found 2');
    expect(whyOf('sven.holt@example.com')).toMatch(/^no workspace role "Manager"; there are .*Editor/);
    expect(whyOf('Juergen@xn--bcher-kva.example.com')).toBe('of line 142, as Editor');
  });

  it('invites no new users in a second run and reports that', async () => {
    const org = await orgWithLead({ mayInvite: true });
    await onboard(org.lead, PEOPLE);
    const before = await roster(org);

    const { code, lines, summary } = await onboard(org.lead, PEOPLE);

    expect(code).toBe(0);
    expect(counts(lines)).toEqual({ 'was pending already': 273, duplicate: 14, 'not invited': 13 });
    expect(summary).toMatch(/No new user was invited\.$/);
    expect(await roster(org)).toEqual(before);
  });

  it('writes nothing while the feature is turned off, and names who can turn on which setting', async () => {
    const org = await orgWithLead({ mayInvite: false });
    await someAreKnown(org);
    const before = await roster(org);

    const { code, lines, stderr } = await onboard(org.lead, PEOPLE);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^The server refused: .*organization admin.*workspace_admin_can_invite_to_org/);
    expect(counts(lines)).toEqual({ 'not invited': 13, 'not handled': 287 });
    expect(await roster(org)).toEqual(before);
  });

  it('refuses only the line whose role exceeds that of the team lead', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: true });
    const roles: { id: string; permissions: string[] }[] = (
      await org.admin.api.get('/api/v1/orgs/current/roles')
    ).body;
    const viewer = roles.find(({ id }) => id === role('WORKSPACE_VIEWER'))!;
    const greeter = await org.admin.api.post('/api/v1/orgs/current/roles', {
      ...{ display_name: 'Greeter', description: 'Brings viewers in' },
      permissions: [...viewer.permissions, 'workspaces:manage-members'],
    });
    const lead = await t.fixtures.member(org, { workspace: greeter.body.id });

    const { code, lines } = await onboard(
      lead,
      await csv(['A,a@example.com,Viewer', 'B,b@example.com,Editor']),
    );

    expect(code).toBe(0);
    expect(lines).toMatchObject([
      { email: 'a@example.com', event: 'invited', why: 'as Viewer' },
      { email: 'b@example.com', event: 'not invited', why: expect.stringMatching(/role Editor/) },
    ]);
    expect((await roster(org)).pending).toEqual(['a@example.com']);
  });

  it('reports the invited lines when the seats run out between two batches', async () => {
    const org = await orgWithLead({ mayInvite: true });
    await t.sql('update organizations set max_identities = 505 where id = $1', [org.orgId]);
    const rows = Array.from({ length: 510 }, (_, index) => `Person ${index},person-${index}@example.com,`);

    const { code, lines, stderr } = await onboard(org.lead, await csv(rows));

    expect(code).toBe(1);
    expect(stderr).toMatch(/^The server refused: All 505 seats /);
    expect(counts(lines)).toEqual({ invited: 500, 'not handled': 10 });
    expect((await roster(org)).pendingHere).toEqual(emailsOf(lines, 'invited'));
  });
});

describe('examples/manage-user-groups', () => {
  const APPLY = fileURLToPath(new URL('../../examples/manage-user-groups/apply.ts', import.meta.url));

  let t: TestApp;
  let org: OrgWithAdmin;
  let folder: string;
  beforeAll(async () => {
    t = await startTestApp();
    org = await t.fixtures.orgWithAdmin();
    folder = await mkdtemp(join(tmpdir(), 'tenantry-groups-'));
  });
  afterAll(async () => {
    await t.close();
    await rm(folder, { recursive: true });
  });

  /** Runs the example with these groups; returns the lines that it prints. */
  async function apply(key: string, groups: object[]): Promise<string[]> {
    const file = join(folder, 'groups.json');
    await writeFile(file, JSON.stringify(groups));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [APPLY, '--server', t.url, '--file', file],
      {
        env: { PATH: process.env['PATH'], LANGSMITH_API_KEY: key },
      },
    );
    return stdout.trim().split('\n').filter(Boolean);
  }

  const keyOfAdmin = async (): Promise<string> => {
    const wish = { org_role_id: role('ORGANIZATION_ADMIN') };
    return (await org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body.key;
  };
  /** An operator who is Admin of the workspace, and so gives the role of the group. */
  const tokenOfOperator = async (): Promise<string> => {
    const { api } = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    return (await api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;
  };

  it.each([
    ['a service key of an admin', keyOfAdmin],
    ['a token of an operator', tokenOfOperator],
  ])('makes the groups of an organization what the file says, once, with %s', async (_whose, newKey) => {
    const key = await newKey();
    const [ann, ben] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }),
      await t.fixtures.member(org, {}),
    ];
    const workspace = (await org.admin.api.get(`/api/v1/workspaces/${org.workspaceId}`)).body.display_name;
    const group = {
      name: `Makers ${randomUUID()}`,
      roles: { [workspace]: 'Editor' },
      members: [ann.email, ben.email],
    };

    expect(await apply(key, [group])).toHaveLength(4);
    expect(await permissionsOf(ann, org.workspaceId)).toContain('datasets:create');
    expect(await apply(key, [group])).toEqual([]);

    const reduced = { ...group, description: 'Fewer', roles: {}, members: [ben.email] };
    expect(await apply(key, [reduced])).toHaveLength(3);
    expect(await permissionsOf(ann, org.workspaceId)).not.toContain('datasets:create');
    const { body } = await org.admin.api.get(GROUPS);
    expect(body.items).toContainEqual(expect.objectContaining({ name: group.name, description: 'Fewer' }));
  });

  it('changes nothing when a workspace of the file does not exist', async () => {
    const names = [`First ${randomUUID()}`, `Second ${randomUUID()}`];
    const groups = names.map((name, at) => ({ name, roles: at ? { Nowhere: 'Editor' } : {}, members: [] }));

    await expect(apply(await keyOfAdmin(), groups)).rejects.toThrow('there is no workspace Nowhere');

    const { body } = await org.admin.api.get(GROUPS);
    expect(body.items.map(({ name }: { name: string }) => name)).not.toContain(names[0]);
  });
});

describe('examples/receive-webhooks', () => {
  const EXAMPLE = fileURLToPath(new URL('../../examples/receive-webhooks/', import.meta.url));
  const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

  let folder: string;
  let receiver: ChildProcess;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-receiver-'));
    await start(SECRET);
  });
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  async function start(keys: string, port = 0, file = 'events.db'): Promise<void> {
    const args = [join(EXAMPLE, 'receive.ts'), '--port', `${port}`, '--file', join(folder, file)];
    const env = { PATH: process.env['PATH'], WEBHOOK_KEYS: keys };
    receiver = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(receiver.stdout!, 'data');
    url = /http:\S+/.exec(String(line))![0];
  }

  async function stop(): Promise<void> {
    receiver.kill('SIGKILL');
    await once(receiver, 'close');
  }

  /** Headers as the npm package makes them. */
  const signed = (id: string, body: string, { at = new Date(), secret = SECRET } = {}) => ({
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  });

  const kept = (file: string): { id: string; body: string }[] => {
    const database = new DatabaseSync(join(folder, file), { readOnly: true, timeout: 5000 });
    const rows = database.prepare('select id, body from events order by id').all();
    database.close();
    return rows.map(({ id, body }) => ({ id: String(id), body: String(body) }));
  };

  const send = async (headers: Record<string, string>, body: string) =>
    (await fetch(url, { method: 'POST', headers, body })).status;

  it('accepts and refuses what the npm package standardwebhooks does', async () => {
    const body = JSON.stringify({ type: 'membership.created', data: { note: 'zoë \u2028' } });
    const headers = signed(randomUUID(), body);
    const others = [
      headers,
      { ...headers, 'webhook-signature': `v1,AAAA v2,x ${headers['webhook-signature']}` },
      { ...headers, 'webhook-signature': headers['webhook-signature'].slice(0, -4) },
      { ...headers, 'webhook-signature': '' },
      { ...headers, 'webhook-id': randomUUID() },
      signed(randomUUID(), body, { secret: `whsec_${randomBytes(32).toString('base64')}` }),
      ...[-310, -290, 290, 310].map((seconds) =>
        signed(randomUUID(), body, { at: new Date(Date.now() + seconds * 1000) }),
      ),
    ];

    const areAccepted = (check: (headers: (typeof others)[number]) => unknown) =>
      Promise.all(
        others.map(async (each) => {
          try {
            await check(each);
            return true;
          } catch {
            return false;
          }
        }),
      );
    const byExample = await areAccepted((each) => verifyWebhook({ headers: each, body, keys: SECRET }));
    const byPackage = await areAccepted((each) => new Webhook(SECRET).verify(body, each));
    expect(byExample).toEqual(byPackage);
    expect(byExample).toEqual([true, true, false, false, false, false, false, true, true, false]);
  });

  it('keeps each event once, also across restarts and at the same time', async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID());
    const bodyOf = (id: string) => JSON.stringify({ id, type: 'membership.created' });
    const sendAll = () => Promise.all([...ids, ...ids].map((id) => send(signed(id, bodyOf(id)), bodyOf(id))));
    expect(new Set(await sendAll())).toEqual(new Set([204]));
    await stop();
    await start(SECRET);
    expect(new Set(await sendAll())).toEqual(new Set([204]));

    expect(kept('events.db')).toEqual(ids.toSorted().map((id) => ({ id, body: bodyOf(id) })));
  });

  it('keeps nothing that is not authentic, not sent with POST, or too long', async () => {
    const long = 'x'.repeat(1_000_001);
    expect(await send(signed(randomUUID(), '{}'), '{ }')).toBe(401);
    expect(await send({}, '{}')).toBe(401);
    expect((await fetch(url)).status).toBe(405);
    expect(await send(signed(randomUUID(), long), long)).toBe(413);
  });

  describe('with a server', () => {
    const WEBHOOKS = '/api/v1/orgs/current/webhooks';

    let t: TestApp;
    let org: OrgWithAdmin;
    beforeAll(async () => {
      t = await startTestApp({ OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1' });
      org = await t.fixtures.orgWithAdmin();
    });
    afterAll(() => t.close());

    const create = async (to: string) => (await org.admin.api.post(WEBHOOKS, { url: to })).body;
    const makeRole = () =>
      org.admin.api.post('/api/v1/orgs/current/roles', {
        ...{ display_name: t.fixtures.email('role'), description: '', permissions: ['runs:read'] },
      });

    it.each(['secret', 'public_key'])('verifies and keeps what it sends, with the %s', async (kind) => {
      const [port, file] = [await freePort(), `${kind}.db`];
      const webhook = await create(`http://127.0.0.1:${port}/`);
      await stop();
      await start(webhook[kind], port, file);

      expect((await org.admin.api.post(`${WEBHOOKS}/${webhook.id}/test`)).body.status).toBe('2xx');
      await makeRole();
      await until(() => kept(file).some(({ body }) => body.includes('role.created')));

      for (const { id, body } of kept(file))
        expect(JSON.parse(body)).toMatchObject({ id, organization_id: org.orgId });
    });

    it('sends what the npm package standardwebhooks verifies, with either secret after a rotation', async () => {
      const recording = await startReceiver();
      const { id, secret } = await create(recording.url);
      const { body: rotated } = await org.admin.api.post(`${WEBHOOKS}/${id}/rotate-secret`, {});
      await makeRole();
      await until(() => recording.received.some(({ event }) => event.type === 'role.created'));
      await recording.stop();

      const read = (request: (typeof recording.received)[number], key: string) =>
        new Webhook(key).verify(request.body, request.headers as Record<string, string>);
      const last = recording.received.at(-1)!;
      expect(recording.received.map((each) => read(each, secret))).toEqual(
        recording.received.map(({ event }) => event),
      );
      expect(read(last, rotated.secret)).toEqual(last.event);
    });
  });
});

describe('examples/manage-organization', () => {
  const ROOT = fileURLToPath(new URL('../../', import.meta.url));
  const PUBLISHED = join(ROOT, '../shared/contract/contract.openapi.json');
  const CLIENTS = ['openapi-fetch', 'hey-api'];
  const DESCRIPTIONS = ['served', ...(existsSync(PUBLISHED) ? ['published'] : [])];

  let t: TestApp;
  let org: OrgWithAdmin;
  let key: string;
  let folder: string;
  beforeAll(async () => {
    t = await startTestApp();
    org = await t.fixtures.defaultOrg();
    const wish = { org_role_id: role('ORGANIZATION_ADMIN') };
    key = (await org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body.key;
    folder = await mkdtemp(join(tmpdir(), 'tenantry-clients-'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const sources: Record<string, string> = { served: `${t.url}/openapi.json`, published: PUBLISHED };
    await Promise.all(DESCRIPTIONS.map((name) => generate(name, sources[name]!)));
  });
  afterAll(async () => {
    await t.close();
    await rm(folder, { recursive: true });
  });

  const run = (script: string, args: string[], env: Record<string, string> = {}) =>
    promisify(execFile)(process.execPath, [script, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      cwd: folder,
    });

  /** A copy of the example with clients that its own script generates from this description. */
  async function generate(name: string, description: string): Promise<void> {
    const example = join(folder, name);
    const filter = (path: string) => !path.endsWith('generated');
    await cp(join(ROOT, 'examples/manage-organization'), example, { recursive: true, filter });
    await run(join(example, 'generate-clients.ts'), [description]);
  }

  /** Runs the example with a new workspace, a new user and this member; returns its report. */
  async function manage(name: string, client: string, member: Person, newcomer: string) {
    const { stdout } = await run(
      join(folder, name, 'manage.ts'),
      ['--client', client, '--server', t.url, '--workspace', `Made by ${client} of ${name}`]
        .concat('--newcomer', newcomer)
        .concat('--member', member.email),
      { LANGSMITH_API_KEY: key },
    );
    return JSON.parse(stdout);
  }

  describe.each(CLIENTS)('%s', (client) => {
    it.each(DESCRIPTIONS)(
      'manages an organization with the client generated from the %s description',
      async (name) => {
        const member = await t.fixtures.member(org, {});
        const newcomer = t.fixtures.email('newcomer');

        const report = await manage(name, client, member, newcomer);

        const { workspaceId } = report;
        expect(report).toEqual({
          workspaceId: expect.any(String),
          invited: { id: expect.any(String), orgRole: 'Organization User', workspaceRole: 'Editor' },
          member: {
            id: member.membershipId,
            orgRoles: ['Organization User', 'Organization Viewer'],
            workspaceRoles: ['Editor', 'Viewer'],
          },
          key: { id: expect.any(String), sees: [member.email] },
        });
        expect((await invitationsOf(t, org)).find(({ email }) => email === newcomer)).toEqual({
          id: report.invited.id,
          email: newcomer,
          status: 'pending',
          orgRoleId: role('ORGANIZATION_USER'),
          grants: { [workspaceId]: role('WORKSPACE_USER') },
        });
        expect(await workspaceRolesIn(t, org.orgId, member.email)).toEqual({
          [workspaceId]: role('WORKSPACE_VIEWER'),
        });
        expect(await t.sql('select from api_keys where id = $1', [report.key.id])).toEqual([]);
      },
    );
  });

  if (!existsSync(PUBLISHED))
    it.skip('skips the published description, since ../shared/contract/contract.openapi.json does not exist', () => {});
});
