import { describe, expect, it } from '@jest/globals';
import { loginCredentials } from './login-credentials.js';

const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`;
const ANN = { email: 'ann@example.com', password: 'correct horse' };

describe('loginCredentials', () => {
  it('reads credentials from HTTP Basic', () => {
    expect(loginCredentials(basic('ann@example.com:correct horse'), undefined)).toEqual(ANN);
  });

  it('ends the e-mail at the first colon and allows colons in passwords', () => {
    expect(loginCredentials(basic('a@b.c:x:y:'), undefined)).toEqual({ email: 'a@b.c', password: 'x:y:' });
  });

  it('decodes HTTP Basic credentials as UTF-8', () => {
    expect(loginCredentials(basic('a@b.c:Grüße'), undefined)?.password).toBe('Grüße');
  });

  it('reads credentials from a JSON body', () => {
    expect(loginCredentials(undefined, ANN)).toEqual(ANN);
  });

  it('reads the body beside another Authorization scheme', () => {
    expect(loginCredentials('Bearer left.over.token', ANN)).toEqual(ANN);
  });

  it('prefers HTTP Basic over the body', () => {
    expect(loginCredentials(basic('b@b.c:other'), ANN)?.email).toBe('b@b.c');
  });

  it.each<[string, string | undefined, unknown]>([
    ['no header and no body', undefined, undefined],
    ['bytes that are not UTF-8', basic('a@b.c:Gr\xfc\xdfe', 'latin1'), undefined],
    ['no colon', basic('ann@example.com'), undefined],
    ['no e-mail', basic(':password'), undefined],
    ['no valid base64', 'Basic ann@example.com:password', undefined],
    ['a body without a password', undefined, { email: 'a@b.c' }],
    ['a body of another shape', undefined, { email: ['a@b.c'], password: 'x' }],
    ['a body that is not an object', undefined, 'ann'],
    ['a null body', undefined, null],
  ])('returns null credentials for %s', (_, authorization, body) => {
    expect(loginCredentials(authorization, body)).toBeNull();
  });
});
