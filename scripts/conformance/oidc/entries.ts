import type { Sequence } from '../area.ts';
import { asks, issuerOf, LOGIN, open, submit, withoutSso } from './sign-in.ts';

const AUTHORIZATION_REQUEST = {
  response_type: 'code',
  client_id: /./,
  redirect_uri: /\/api\/v1\/oauth\/custom-oidc\/callback$|\/oauth-callback$/,
  scope: /(^| )openid( |$)/,
  state: /^[\w-]{40,}$/,
  nonce: /^[\w-]{40,}$/,
  code_challenge: /^[\w-]{43}$/,
  code_challenge_method: 'S256',
};

const REDIRECT: Sequence = {
  name: 'login redirect',
  obstacle: withoutSso,
  run: async (client) => {
    await client.check(
      'sends the browser to the provider with PKCE, state and nonce',
      open(LOGIN, { redirect_to: '/settings' }),
      {
        status: 302,
        headers: {
          location: asks(AUTHORIZATION_REQUEST),
          'set-cookie': /; *HttpOnly/i,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-frame-options': 'DENY',
        },
      },
    );
    await client.check(
      'asks the provider to let the user choose',
      open(LOGIN, { prompt: 'select_account' }),
      {
        status: 302,
        headers: { location: asks({ prompt: 'select_account' }) },
      },
    );
    const forged = {
      prompt: 'none',
      scope: 'admin',
      redirect_uri: 'https://evil.example',
      state: 'x',
      nonce: 'y',
    };
    await client.check('lets no link change parameters of the protocol', open(LOGIN, forged), {
      status: 302,
      headers: { location: asks({ ...AUTHORIZATION_REQUEST, prompt: (value) => value !== 'none' }) },
    });
  },
};

const THIRD_PARTY: Sequence = {
  name: 'third-party initiated login',
  obstacle: withoutSso,
  run: async (client) => {
    const iss = await issuerOf(client);
    const link = { iss, login_hint: 'ada@example.com', target_link_uri: '/settings' };
    const begins = { status: 302, headers: { location: asks({ login_hint: 'ada@example.com' }) } };
    await client.check('begins by a link of the issuer', open(LOGIN, link), begins);
    await client.check(
      'begins by a form of another site',
      submit(LOGIN, link, { origin: 'https://portal.example' }),
      begins,
    );
    await client.check(
      'passes on no hint with invisible characters',
      open(LOGIN, { iss, login_hint: 'ada\u202e@example.com' }),
      { status: 302, headers: { location: asks({ login_hint: undefined }) } },
    );
    for (const foreign of ['https://idp.evil.example', `${iss}.evil.example`, ''])
      await client.check(`refuses the issuer ${JSON.stringify(foreign)}`, open(LOGIN, { iss: foreign }), {
        status: 400,
        headers: { 'x-error-code': 'foreign_issuer', 'set-cookie': undefined },
        text: (page) => !String(page).includes('evil.example'),
      });
    const twice = new URLSearchParams([
      ['iss', iss],
      ['iss', iss],
    ]);
    await client.check('refuses an issuer that is named twice', open(LOGIN, twice), { status: 400 });
  },
};

export const ENTRIES: readonly Sequence[] = [REDIRECT, THIRD_PARTY];
