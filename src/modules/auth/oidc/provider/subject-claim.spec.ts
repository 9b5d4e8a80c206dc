import { describe, expect, it } from '@jest/globals';
import { subjectClaim } from './subject-claim.js';

const overrides = {
  'https://idp.example.com': 'employee_id',
  'https://idp.example.com/special': 'badge',
  'https://login.microsoftonline.com/one/v2.0': 'email',
};

describe('subjectClaim', () => {
  it.each([
    ['https://other.test', 'sub'],
    ['https://idp.example.com', 'employee_id'],
    ['https://idp.example.com/', 'employee_id'],
    ['https://idp.example.com/realm', 'employee_id'],
    ['https://idp.example.com/special/realm', 'badge'],
    ['https://idp.example.com.evil.test', 'sub'],
    ['https://idp.example.com:8443', 'sub'],
    ['https://login.microsoftonline.com/two/v2.0', 'oid'],
    ['https://login.microsoftonline.com/one/v2.0', 'email'],
    ['https://login.microsoftonline.us/two/v2.0', 'oid'],
    ['https://login.partner.microsoftonline.cn/two/v2.0', 'oid'],
    ['https://sts.windows.net/two/', 'oid'],
    ['https://login.microsoftonline.com.evil.test/two/v2.0', 'sub'],
  ])('maps the issuer %s to the claim %s', (issuer, claim) => {
    expect(subjectClaim(issuer, overrides)).toBe(claim);
  });
});
