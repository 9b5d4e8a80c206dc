import { afterEach, describe, expect, it } from '@jest/globals';
import { toApiError } from '@tenantry/client';
import { toFailure } from './failures.js';

const answer = (status: number, headers: Record<string, string> = {}) =>
  toFailure(toApiError(new Response(null, { status, headers }), { detail: 'why' }));

describe('what a command says when it fails', () => {
  afterEach(() => {
    delete process.env['TENANTRY_API_KEY'];
  });

  it('names the key that is not accepted', () => {
    expect(answer(401)).toMatchObject({ exitCode: 3, message: expect.stringContaining('log in again') });
    process.env['TENANTRY_API_KEY'] = 'lsv2_pt_wrong';
    expect(answer(401)).toMatchObject({
      exitCode: 3,
      message: 'The server does not accept the key in TENANTRY_API_KEY.',
    });
  });

  it('says when to try again, with the exit code of a server that cannot answer', () => {
    expect(answer(429, { 'retry-after': '90' })).toMatchObject({
      exitCode: 4,
      message: 'The server gets too many requests: why. Try again in 90 s.',
    });
    expect(answer(503).exitCode).toBe(4);
    expect(answer(403)).toMatchObject({ exitCode: 1, message: 'The server refused: why' });
  });

  it('names the page of the console where a person does what an application may not do', () => {
    const headers = { 'x-error-code': 'application_may_not_create' };
    const body = { detail: 'why', console_page: 'https://tenantry.example.com/console/tokens\u001b[2J' };

    const failure = toFailure(toApiError(new Response(null, { status: 403, headers }), body));

    expect(failure).toMatchObject({
      exitCode: 1,
      message:
        'Only a person does this, in the console: https://tenantry.example.com/console/tokens\ufffd[2J',
    });
  });

  it('says that a page of HTML is no answer of the server, without the page', async () => {
    const page = Promise.resolve('<html>secret</html>');

    const error: unknown = await page.then(JSON.parse).catch((thrown: unknown) => thrown);

    expect(toFailure(error)).toMatchObject({
      exitCode: 4,
      message: 'What answers at this address is not a Tenantry server: check the address.',
    });
  });
});
