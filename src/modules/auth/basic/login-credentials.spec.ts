import { describe, expect, it } from '@jest/globals';
import { loginCredentials } from './login-credentials.js';

const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`;
const ANN = { email: 'ann@example.com', password: 'correct horse' };

describe('what somebody logs in with', () => {
  it('is HTTP Basic', () => {
    expect(loginCredentials(basic('ann@example.com:correct horse'), undefined)).toEqual(ANN);
  });

  it('ends the e-mail at the first colon, so a password may hold more', () => {
    expect(loginCredentials(basic('a@b.c:x:y:'), undefined)).toEqual({ email: 'a@b.c', password: 'x:y:' });
  });

  it('is UTF-8', () => {
    expect(loginCredentials(basic('a@b.c:Grüße'), undefined)?.password).toBe('Grüße');
  });

  it('may be a JSON body', () => {
    expect(loginCredentials(undefined, ANN)).toEqual(ANN);
  });

  it('is the body beside another kind of Authorization', () => {
    expect(loginCredentials('Bearer left.over.token', ANN)).toEqual(ANN);
  });

  it('is Basic when both are there', () => {
    expect(loginCredentials(basic('b@b.c:other'), ANN)?.email).toBe('b@b.c');
  });

  it.each<[string, string | undefined, unknown]>([
    ['nothing', undefined, undefined],
    ['bytes that are no UTF-8', basic('a@b.c:Gr\xfc\xdfe', 'latin1'), undefined],
    ['no colon', basic('ann@example.com'), undefined],
    ['no e-mail', basic(':password'), undefined],
    ['no base64', 'Basic ann@example.com:password', undefined],
    ['a body without a password', undefined, { email: 'a@b.c' }],
    ['a body of another shape', undefined, { email: ['a@b.c'], password: 'x' }],
    ['a body that is no object', undefined, 'ann'],
    ['a null body', undefined, null],
  ])('is missing: %s', (_, authorization, body) => {
    expect(loginCredentials(authorization, body)).toBeNull();
  });
});
