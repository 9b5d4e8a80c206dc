import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const INFO = '/api/v1/orgs/current/info';
const PLATFORM_INFO = '/v1/platform/orgs/current/info';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

describe('the settings of an organization since November 2026', () => {
  it('have published defaults in every response about an organization', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const defaults = {
      byoc_create_saas_workspace_enabled: true,
      disabled_model_providers: [],
      managed_evals_enabled: false,
    };
    const unset = { engine_lcu_spend_limit_monthly: null, managed_eval_terms_accepted_at: null };

    expect((await admin.api.get(INFO)).body).toMatchObject({ ...defaults, ...unset });
    expect((await admin.api.get('/api/v1/orgs')).body[0]).toMatchObject({ ...defaults, ...unset });
    expect((await admin.api.get('/api/v1/orgs/current')).body).toMatchObject({
      byoc_create_saas_workspace_enabled: true,
      config: { is_anonymous: false },
    });
    const platform = (await admin.api.get(PLATFORM_INFO)).body;
    expect(platform).toMatchObject(defaults);
    expect(Object.keys(platform)).not.toContain('engine_lcu_spend_limit_monthly');
  });

  it('come back as they were sent', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const sent = {
      byoc_create_saas_workspace_enabled: false,
      disabled_model_providers: ['openai', 'other'],
      engine_lcu_spend_limit_monthly: '1250.50',
    };

    expect(await admin.api.patch(INFO, sent)).toMatchObject({ status: 200, body: sent });
    expect((await admin.api.get(PLATFORM_INFO)).body).toMatchObject(sent);

    const byNumber = await admin.api.patch(INFO, { engine_lcu_spend_limit_monthly: 99.5 });
    expect(byNumber.body).toMatchObject({ ...sent, engine_lcu_spend_limit_monthly: '99.5' });
  });

  it('are unchanged by null, except for the limit, which null removes', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    await admin.api.patch(INFO, { disabled_model_providers: ['openai'], engine_lcu_spend_limit_monthly: 5 });

    const { body } = await admin.api.patch(INFO, {
      byoc_create_saas_workspace_enabled: null,
      disabled_model_providers: null,
      engine_lcu_spend_limit_monthly: null,
    });

    expect(body).toMatchObject({
      byoc_create_saas_workspace_enabled: true,
      disabled_model_providers: ['openai'],
      engine_lcu_spend_limit_monthly: null,
    });
  });

  it.each([
    ['engine_lcu_spend_limit_monthly', '-1'],
    ['engine_lcu_spend_limit_monthly', 'much'],
    ['engine_lcu_spend_limit_monthly', 1e21],
    ['engine_lcu_spend_limit_monthly', true],
    ['disabled_model_providers', 'openai'],
    ['disabled_model_providers', Array(101).fill('x')],
    ['byoc_create_saas_workspace_enabled', 'no'],
  ])('refuse %s: %j with 422', async (name, value) => {
    const { admin } = await t.fixtures.defaultOrg();

    const reply = await admin.api.patch(INFO, { [name]: value });

    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', name] }] } });
  });
});

describe('the role of the caller in the organization', () => {
  it('is in both responses with details of the organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });

    for (const path of [INFO, PLATFORM_INFO]) {
      expect((await org.admin.api.get(path)).body).toMatchObject({
        org_role_id: role('ORGANIZATION_ADMIN'),
        org_role_name: 'ORGANIZATION_ADMIN',
      });
      expect((await viewer.api.get(path)).body).toMatchObject({
        org_role_id: role('ORGANIZATION_VIEWER'),
        org_role_name: 'ORGANIZATION_VIEWER',
      });
    }
  });
});
