import { randomUUID } from 'node:crypto';
import type { Sequence } from '../area.ts';
import {
  BACKCHANNEL,
  FRONTCHANNEL,
  issuerOf,
  LOGIN,
  LOGOUT,
  open,
  publicUrlOf,
  SIGNED_OUT,
  submit,
  withoutSso,
} from './sign-in.ts';

const FRONT: Sequence = {
  name: 'front-channel logout',
  obstacle: withoutSso,
  run: async (client) => {
    const [iss, sid] = [await issuerOf(client), randomUUID()];
    await client.check('returns a page that only the provider may frame', open(FRONTCHANNEL, { iss, sid }), {
      status: 200,
      headers: {
        'content-security-policy': /frame-ancestors https?:/,
        'x-frame-options': undefined,
        'cache-control': 'no-store',
      },
    });
    const wrong = {
      'another issuer': { iss: 'https://idp.evil.example', sid },
      'no issuer': { sid },
      'no session id': { iss },
      'a session id that could be guessed': { iss, sid: '1234567' },
      'a subject in place of a session id': { iss, sub: sid },
      'a repeated session id': new URLSearchParams([
        ['iss', iss],
        ['sid', sid],
        ['sid', sid],
      ]),
    };
    for (const [what, query] of Object.entries(wrong))
      await client.check(`refuses ${what}`, open(FRONTCHANNEL, query), {
        status: 400,
        headers: { 'x-error-code': 'invalid_frontchannel_logout', 'x-frame-options': 'DENY' },
      });
    for (const path of [SIGNED_OUT, LOGIN, '/api/v1/info'])
      await client.check(`lets no other page be framed: ${path}`, open(path), {
        status: [200, 302, 401],
        headers: { 'x-frame-options': 'DENY' },
      });
  },
};

const BACK: Sequence = {
  name: 'back-channel logout',
  obstacle: withoutSso,
  run: async (client) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      ...{ iss: await issuerOf(client), aud: 'anybody', sub: 'unknown', jti: randomUUID() },
      ...{
        iat: Math.floor(Date.now() / 1000),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      },
    };
    const wrong: Record<string, Readonly<Record<string, string>>> = {
      'a request without a token': {},
      'text that is no token': { logout_token: 'nonsense' },
      'an unsigned token': { logout_token: `${part({ alg: 'none' })}.${part(claims)}.` },
      'a token with a forged signature': {
        logout_token: `${part({ alg: 'RS256', kid: 'x' })}.${part(claims)}.eA`,
      },
    };
    for (const [what, form] of Object.entries(wrong))
      await client.check(`refuses ${what}`, submit(BACKCHANNEL, form), {
        status: 400,
        headers: { 'x-error-code': 'invalid_logout_token', 'cache-control': 'no-store' },
        body: { error: 'invalid_request' },
      });
    await client.check('takes no GET', open(BACKCHANNEL), { status: 405, headers: { allow: 'POST' } });
  },
};

const OWN: Sequence = {
  name: 'logout',
  obstacle: withoutSso,
  run: async (client) => {
    const publicUrl = await publicUrlOf(client);
    const origin = { origin: new URL(publicUrl).origin };
    await client.check('sends a browser on', submit(LOGOUT, {}, origin), {
      status: 303,
      headers: { location: /^https?:/, 'set-cookie': /Max-Age=0/ },
    });
    await client.check(
      'tells a script where to go',
      { method: 'POST', path: LOGOUT, headers: { ...origin, accept: 'application/json' } },
      { status: 200, body: { logout_url: (url) => url === null || typeof url === 'string' } },
    );
    await client.check(
      'refuses another site that sends the cookie',
      submit(
        LOGOUT,
        {},
        { origin: 'https://evil.example', cookie: 'tenantry_session=x; __Host-tenantry_session=x' },
      ),
      { status: 403, headers: { 'x-error-code': 'cross_site_request' } },
    );
    await client.check(
      'refuses a form of another site, which comes without the cookie',
      submit(LOGOUT, {}, { origin: 'https://evil.example' }),
      { status: 403, headers: { 'x-error-code': 'cross_site_request', 'set-cookie': undefined } },
    );
    await client.check('takes no GET', open(LOGOUT), { status: 405, headers: { allow: 'POST' } });
    await client.check('has a page after the logout that starts no sign-in by itself', open(SIGNED_OUT), {
      status: 200,
      headers: { 'content-security-policy': /frame-ancestors 'none'/ },
      text: (page) =>
        String(page).includes('You are signed out') &&
        String(page).includes('prompt=select_account') &&
        !/<script|http-equiv/.test(String(page)),
    });
  },
};

export const LOGOUTS: readonly Sequence[] = [FRONT, BACK, OWN];
