import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAuthorizationServer } from './authorization-server.js';
import { addEntry, readCredentials } from './credentials-file.js';
import { toFailure } from './failures.js';
import { entryOf, LoginTokens } from './login-tokens.js';

type Answer = { status: number; body: string };

const folder = mkdtempSync(join(tmpdir(), 'login-'));
const before = process.env['XDG_CONFIG_HOME'];
const answers = new Map<string, Answer>();
let server: Server;
let url: string;
beforeAll(async () => {
  process.env['XDG_CONFIG_HOME'] = folder;
  server = createServer((request, response) => {
    const { status, body } = answers.get(request.url ?? '') ?? { status: 404, body: '{}' };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => describeServer({}));
afterAll(() => {
  server.close();
  if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
  else process.env['XDG_CONFIG_HOME'] = before;
  rmSync(folder, { recursive: true });
});

const DOCUMENT = '/api/.well-known/oauth-authorization-server';

function describeServer(members: Record<string, string>): void {
  const issuer = `${url}/api`;
  const endpoints = {
    device_authorization_endpoint: `${issuer}/oauth/device/code`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
  };
  answers.set(DOCUMENT, { status: 200, body: JSON.stringify({ issuer, ...endpoints, ...members }) });
}

const failureOf = async (work: Promise<unknown>) =>
  toFailure(
    await work.then(
      () => null,
      (thrown: unknown) => thrown,
    ),
  );

describe('finding an authorization server', () => {
  it.each<[string, Answer, { exitCode: number; message: string }]>([
    ['with no document', { status: 404, body: '{}' }, { exitCode: 2, message: '--with-token' }],
    [
      'that answers with a page',
      { status: 200, body: '<html></html>' },
      { exitCode: 2, message: '--with-token' },
    ],
    ['that cannot answer', { status: 503, body: '{}' }, { exitCode: 4, message: 'HTTP 503' }],
  ])('fails at a server %s', async (_, answer, { exitCode, message }) => {
    answers.set(DOCUMENT, answer);

    const failure = await failureOf(findAuthorizationServer(url));

    expect(failure).toMatchObject({ exitCode, message: expect.stringContaining(message) });
  });

  it.each([
    ['token_endpoint', 'https://attacker.example/oauth/token'],
    ['token_endpoint', ''],
    ['device_authorization_endpoint', 'https://attacker.example/code'],
    ['revocation_endpoint', 'https://attacker.example/revoke'],
    ['issuer', 'https://attacker.example/api'],
  ])('fails when the document names %s as %s', async (member, value) => {
    describeServer({ [member]: value });

    await expect(findAuthorizationServer(url)).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('tokens that have to be refreshed', () => {
  const ended = (id: string) =>
    entryOf(url, id, { accessToken: 'tnt_at_1', refreshToken: 'tnt_rt_1', expiresAt: 0 });

  it('are not those of another login that was made meanwhile, perhaps of another organization', async () => {
    const tokens = new LoginTokens(url, ended('first'));
    await addEntry(
      url,
      entryOf(url, 'second', {
        accessToken: 'other',
        refreshToken: 'other',
        expiresAt: Date.now() + 900_000,
      }),
    );

    expect(await failureOf(tokens.current())).toMatchObject({
      exitCode: 3,
      message: `Log in again: tenantry login --server ${url}`,
    });
  });

  it('stay in the file, and are free for others, when the server cannot answer', async () => {
    await addEntry(url, ended('first'));
    answers.set('/api/oauth/token', { status: 503, body: '{}' });

    expect(await failureOf(new LoginTokens(url, ended('first')).current())).toMatchObject({
      exitCode: 4,
      message: 'The server cannot answer at the moment: HTTP 503',
    });
    expect((await readCredentials()).servers[url]).toEqual(ended('first'));
  });

  it('keep the refresh token when the server sends no other one (RFC 6749, section 6)', async () => {
    await addEntry(url, ended('first'));
    const body = { access_token: 'tnt_at_2', token_type: 'Bearer', expires_in: 900 };
    answers.set('/api/oauth/token', { status: 200, body: JSON.stringify(body) });

    expect(await new LoginTokens(url, ended('first')).current()).toBe('tnt_at_2');
    expect((await readCredentials()).servers[url]?.login).toMatchObject({
      id: 'first',
      refreshToken: 'tnt_rt_1',
    });
  });
});
