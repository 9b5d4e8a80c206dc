import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { SSO_SETTINGS, ssoBody, ssoSettings } from '../support/sso-settings.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NOT_PRIVATE: [url: string, type: string][] = [
  ['http://idp.example.com/metadata', 'url_scheme'],
  ['ftp://idp.example.com/metadata', 'url_scheme'],
  ['javascript:alert(1)', 'url_scheme'],
  ['https:idp.example.com', 'url_scheme'],
  ['//idp.example.com/metadata', 'url_parsing'],
  ['https://', 'url_parsing'],
  ['https://idp.example.com/meta\tdata', 'url_parsing'],
  ['https://idp.example.com\\@evil.test/', 'url_parsing'],
  ['https://1.2.3.4.5/', 'url_parsing'],
  ['https://user@idp.example.com/', 'value_error'],
  ['https://:secret@idp.example.com/', 'value_error'],
  ['https://localhost/', 'value_error'],
  ['https://LOCALHOST./', 'value_error'],
  ['https://idp.localhost/', 'value_error'],
  ['https://127.0.0.1/', 'value_error'],
  ['https://127.1/', 'value_error'],
  ['https://2130706433/', 'value_error'],
  ['https://0x7f.0.0.1/', 'value_error'],
  ['https://0177.0.0.1:8443/', 'value_error'],
  ['https://0.0.0.0/', 'value_error'],
  ['https://169.254.169.254/latest/meta-data', 'value_error'],
  ['https://224.0.0.1/', 'value_error'],
  ['https://[::]/', 'value_error'],
  ['https://[::1]/', 'value_error'],
  ['https://[fe80::1]/', 'value_error'],
  ['https://[ff02::1]/', 'value_error'],
  ['https://[::ffff:127.0.0.1]/', 'value_error'],
  ['https://[::ffff:a9fe:a9fe]/', 'value_error'],
  ['https://100.100.100.200/latest/meta-data', 'value_error'],
  ['https://168.63.129.16/', 'value_error'],
  ['https://[fd00:ec2::254]/', 'value_error'],
  ['https://[fd00:ec2::23]/', 'value_error'],
  ['https://[64:ff9b:1::a9fe:a9fe]/', 'value_error'],
  ['https://[2001:0:1::1]/', 'value_error'],
];
const PRIVATE = [
  'https://10.0.0.1/metadata',
  'https://10.1/metadata',
  'https://172.16.0.1/',
  'https://192.168.0.1:8443/',
  'https://100.64.0.1/',
  'https://[fc00::1]/',
  'https://[fd12::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[64:ff9b::c0a8:1]/',
];

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

describe('metadata_url of new SSO settings', () => {
  it.each(NOT_PRIVATE)('returns 422 for the metadata_url %s (%s)', async (metadata_url, type) => {
    expect(await org.admin.api.post(SSO_SETTINGS, ssoBody(org, { metadata_url }))).toMatchObject({
      status: 422,
      body: {
        detail: [{ loc: ['body', 'metadata_url'], type, msg: expect.stringMatching(/^(URL|Input) /) }],
      },
    });
  });

  it.each(PRIVATE)('returns 422 that names the setting for the metadata_url %s', async (metadata_url) => {
    expect(await org.admin.api.post(SSO_SETTINGS, ssoBody(org, { metadata_url }))).toMatchObject({
      status: 422,
      body: {
        detail: [
          {
            loc: ['body', 'metadata_url'],
            msg: expect.stringContaining('SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS'),
          },
        ],
      },
    });
  });
});

it('returns 422 for a metadata_url of this machine or a private network when SSO settings are changed', async () => {
  const one = await t.fixtures.orgWithAdmin();
  const { id } = await ssoSettings(one, { metadata_url: 'https://idp.example.com/metadata' });
  const path = `${SSO_SETTINGS}/${id}`;

  for (const metadata_url of ['http://idp.example.com/', 'https://127.0.0.1/', 'https://10.0.0.1/'])
    expect(await one.admin.api.patch(path, { metadata_url })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'metadata_url'] }] },
    });
  expect((await one.admin.api.get(SSO_SETTINGS)).body).toMatchObject([
    { metadata_url: 'https://idp.example.com/metadata' },
  ]);
});

it('accepts a public https address as metadata_url, and keeps it as it was sent', async () => {
  const one = await t.fixtures.orgWithAdmin();
  const { id } = await ssoSettings(one);

  for (const metadata_url of [
    'https://idp.example.com/metadata?tenant=a',
    'HTTPS://IDP.example.com:8443/',
    'https://8.8.8.8/',
    'https://[2001:4860:4860::8888]/',
    null,
  ])
    expect(await one.admin.api.patch(`${SSO_SETTINGS}/${id}`, { metadata_url })).toMatchObject({
      status: 200,
      body: { metadata_url },
    });
});

it('accepts private networks, but not this machine, where SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS is true', async () => {
  const allowing = await startTestApp({ SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS: 'true' });
  const one = await allowing.fixtures.orgWithAdmin();
  const { id } = await ssoSettings(one);

  for (const metadata_url of PRIVATE)
    expect(await one.admin.api.patch(`${SSO_SETTINGS}/${id}`, { metadata_url })).toMatchObject({
      status: 200,
      body: { metadata_url },
    });
  for (const [metadata_url] of NOT_PRIVATE)
    expect((await one.admin.api.patch(`${SSO_SETTINGS}/${id}`, { metadata_url })).status).toBe(422);
  await allowing.close();
});
