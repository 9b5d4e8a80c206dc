import { tmpdir } from 'node:os';
import type { Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { CommitListeners } from '../../src/database/transactions/commit-listeners.js';
import { InvalidCredential, NoOrganization } from '../../src/common/access/access.errors.js';
import type { Permission } from '../../src/common/access/permissions.js';
import { loadConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/data-source.js';
import { Sql } from '../../src/database/transactions/sql.js';
import { Transaction } from '../../src/database/transactions/transaction.js';
import { OrgInvitationsController } from '../../src/modules/invitations/org-invitations.controller.js';
import { WorkspaceInvitationsController } from '../../src/modules/invitations/workspace-invitations.controller.js';
import { InviteRightsGuard } from '../../src/modules/invitations/rights/invite-rights.guard.js';
import { OrgsRepository } from '../../src/modules/orgs/orgs.repository.js';
import { type SystemRoleName, systemRole } from '../../src/modules/roles/system-roles.js';
import { InviteSettings } from '../../src/modules/settings/invite-settings.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { inviteBatch, updateOrg } from '../support/invitations.js';
import { API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

/** The guard itself, without the guards before it: with the real routes, settings and organizations. */

let t: TestApp;
let dataSource: DataSource;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  dataSource = await createDataSource(t.databaseUrl, 2).setOptions({ migrations: [] }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await t.close();
});

/** A handler of a controller, by its name. */
type Route = readonly [controller: Type, handler: string];

const WORKSPACE_BATCH: Route = [WorkspaceInvitationsController, 'addMembersToCurrentWorkspaceBatch'];
const ORG_ROUTES: [string, Route][] = [
  ['invites one person', [OrgInvitationsController, 'addMemberToCurrentOrg']],
  ['invites a batch', [OrgInvitationsController, 'addMembersToCurrentOrgBatch']],
  ['changes a pending invitation', [OrgInvitationsController, 'patchCurrentOrgPendingMember']],
  ['resends an invitation', [OrgInvitationsController, 'resendPendingOrgInvite']],
];

function caller(inOrg: SystemRoleName, inWorkspace: SystemRoleName | null) {
  const { permissions, ...orgRole } = systemRole(inOrg);
  const held = new Set<Permission>([
    ...permissions,
    ...(inWorkspace ? systemRole(inWorkspace).permissions : []),
  ]);
  return {
    orgId: org.orgId,
    orgRole: { ...orgRole, permissions: new Set(permissions) },
    key: null,
    can: (permission: Permission) => held.has(permission),
  };
}

/** The rights that a request gets at a route, or the error that refuses it. */
async function decide(
  [controller, handler]: Route,
  principal: ReturnType<typeof caller> | Record<'orgId', null> | undefined,
  instance?: string,
) {
  const config = loadConfig({
    DATA_DIR: tmpdir(),
    DATABASE_URL: t.databaseUrl,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    WORKSPACE_SCOPE_ORG_INVITES_ENABLED: instance,
  });
  const listeners = new CommitListeners();
  const transaction = new Transaction(dataSource, config, listeners);
  const sql = new Sql(dataSource, transaction, listeners);
  const orgs = new OrgsRepository(transaction, sql, config);
  const guard = new InviteRightsGuard(new InviteSettings(orgs, config), new Reflector());
  const request: { principal: unknown; inviteRights?: string } = { principal };
  const context = new ExecutionContextHost([request], controller, Reflect.get(controller.prototype, handler));
  await guard.canActivate(context);
  return request.inviteRights;
}

const missing = (permission: string) => ({
  code: 'permission_missing',
  message: `This needs the permission ${permission}.`,
});

/** The setting of the installation, that of the organization, and whether workspace admins may invite new people. */
const SWITCHES: [instance: string | undefined, inOrg: boolean, isOn: boolean][] = [
  [undefined, false, false],
  [undefined, true, true],
  ['true', false, true],
  ['true', true, true],
  ['false', false, false],
  ['false', true, false],
];

describe.each(SWITCHES)(
  'InviteRightsGuard with the instance setting %s and the organization setting %s',
  (instance, inOrg, isOn) => {
    beforeAll(() => updateOrg(org, { workspace_admin_can_invite_to_org: inOrg }));

    it(`lets a workspace admin pass to ${isOn ? 'invite new people' : 'add members of the organization only'}`, async () => {
      const lead = caller('ORGANIZATION_USER', 'WORKSPACE_ADMIN');

      expect(await decide(WORKSPACE_BATCH, lead, instance)).toBe(isOn ? 'ordinary-roles' : 'members-only');
    });

    it.each(ORG_ROUTES)('refuses a workspace admin on the organization route that %s', async (_, at) => {
      const lead = caller('ORGANIZATION_USER', 'WORKSPACE_ADMIN');

      await expect(decide(at, lead, instance)).rejects.toMatchObject(missing('organization:manage'));
    });

    it.each<[string, SystemRoleName, SystemRoleName | null]>([
      ['an editor', 'ORGANIZATION_USER', 'WORKSPACE_USER'],
      ['a viewer', 'ORGANIZATION_VIEWER', 'WORKSPACE_VIEWER'],
      ['an operator without a workspace role', 'ORGANIZATION_OPERATOR', null],
    ])('refuses %s on the workspace route', async (_, ...roles) => {
      await expect(decide(WORKSPACE_BATCH, caller(...roles), instance)).rejects.toMatchObject(
        missing('workspaces:manage-members'),
      );
    });

    it.each([...ORG_ROUTES, ['invites through a workspace', WORKSPACE_BATCH] as [string, Route]])(
      'lets an organization admin invite with any role on the route that %s',
      async (_, at) => {
        const admin = caller('ORGANIZATION_ADMIN', 'WORKSPACE_ADMIN');

        expect(await decide(at, admin, instance)).toBe('any-role');
      },
    );

    it.each(ORG_ROUTES)(
      'lets an operator invite with ordinary roles on the organization route that %s',
      async (_, at) => {
        expect(await decide(at, caller('ORGANIZATION_OPERATOR', null), instance)).toBe('ordinary-roles');
      },
    );
  },
);

describe('InviteRightsGuard without a caller or an organization', () => {
  it('refuses a request without a credential', async () => {
    await expect(decide(WORKSPACE_BATCH, undefined)).rejects.toBeInstanceOf(InvalidCredential);
  });

  it('refuses a caller who is not a member of any organization', async () => {
    await expect(decide(WORKSPACE_BATCH, { orgId: null })).rejects.toBeInstanceOf(NoOrganization);
  });

  it('refuses to run on a route that declares no level', async () => {
    const unlevelled: Route = [OrgInvitationsController, 'deleteCurrentOrgPendingMember'];

    await expect(decide(unlevelled, caller('ORGANIZATION_ADMIN', null))).rejects.toThrow(
      'deleteCurrentOrgPendingMember declares no invite level',
    );
  });
});

describe('the routes that invite', () => {
  const MALFORMED = [{ email: 7 }];

  it.each(['/api/v1/orgs/current/members', '/api/v1/orgs/current/members/batch'])(
    'returns 403 before it validates the body when a workspace admin posts to %s',
    async (path) => {
      const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

      const reply = await lead.api.post(path, MALFORMED);

      expect(reply).toMatchObject({
        status: 403,
        body: { detail: missing('organization:manage').message },
      });
    },
  );

  it('returns 403 before it validates the body when an editor posts a batch to the workspace', async () => {
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    expect(await inviteBatch(editor, MALFORMED)).toMatchObject({
      status: 403,
      body: { detail: missing('workspaces:manage-members').message },
    });
  });

  it('refuses only the rows with new people when a workspace admin adds people with the switch off', async () => {
    await updateOrg(org, { workspace_admin_can_invite_to_org: false });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const colleague = await t.fixtures.member(org, {});
    const [known, unknown] = [{ email: colleague.email }, { email: t.fixtures.email() }];

    expect((await inviteBatch(lead, [known, unknown])).body.detail).toMatchObject([
      { loc: ['body', 1, 'email'], type: 'forbidden' },
    ]);
    expect((await inviteBatch(lead, [known])).status).toBe(200);
  });
});
