import { describe, expect, it } from '@jest/globals';
import type { PageOf } from '../notices/index.js';
import { type ExpiryMail, expiryValues } from './credential-expiries.js';

const KEY = {
  kind: 'service',
  shortKey: 'lsv2_sk_ab12...ef34',
  description: 'Deployment',
  expiresAt: '2026-12-13T10:00:00+00:00',
} as const;
const MAIL: ExpiryMail = {
  orgId: '01900000-0000-7000-8000-000000000001',
  email: 'ada@example.com',
  fullName: null,
  orgName: 'Acme',
  language: null,
  credentials: [KEY],
};

const valuesOf = (changes: Partial<ExpiryMail>, pageOf: PageOf = () => null, language = 'en') =>
  expiryValues({ ...MAIL, ...changes }, pageOf, language);

describe('expiryValues', () => {
  it('names the kind of each key or token and the page of the console to replace it', () => {
    const credentials = (['pat', 'service', 'scim'] as const).map((kind) => ({ ...KEY, kind }));
    const page = (name: string) => `${MAIL.orgId}: settings/${name}`;

    const values = valuesOf({ credentials }, (orgId, path) => `${orgId}: ${path}`);

    const none = { personal_access_token: null, service_key: null, scim_token: null };
    expect(values.credentials).toMatchObject([
      { ...none, personal_access_token: 'yes', link: page('tokens') },
      { ...none, service_key: 'yes', link: page('service-keys') },
      { ...none, scim_token: 'yes', link: page('provisioning') },
    ]);
    expect(valuesOf({}).credentials).toMatchObject([{ link: null }]);
  });

  it('writes dates in the language of the mail', () => {
    expect(valuesOf({}).credentials).toMatchObject([{ expires_at: '13 December 2026 at 10:00' }]);
    expect(valuesOf({}, undefined, 'de').credentials).toMatchObject([
      { expires_at: '13. Dezember 2026 um 10:00' },
    ]);
  });

  it('truncates long names and counts what a long list leaves out', () => {
    const credentials = Array.from({ length: 53 }, () => ({ ...KEY, description: 'x'.repeat(5000) }));

    const values = valuesOf({ credentials });

    expect(values.credentials).toHaveLength(50);
    expect(values.credentials[0]?.description).toHaveLength(101);
    expect(values.more_credentials).toBe('3');
  });
});
