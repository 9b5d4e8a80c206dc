import type { Sequence } from '../area.ts';
import type { Expected } from '../differences.ts';
import { begin, CALLBACK, issuerOf, open, publicUrlOf, submit, withoutSso, withoutState } from './sign-in.ts';

/** The page of a failed sign-in, which tells end users no commands and no settings. */
const failure = (status: number, code: string, more: Expected = () => true) => ({
  status,
  headers: { 'x-error-code': code, 'content-type': /^text\/html/, 'x-frame-options': 'DENY' },
  text: (page: unknown) =>
    String(page).includes(code) &&
    !/npm run|OAUTH_[A-Z]|[a-z]:rebind/.test(String(page)) &&
    (typeof more !== 'function' || more(page)),
});

const ERRORS: Sequence = {
  name: 'callback errors',
  obstacle: withoutState,
  run: async (client) => {
    const [iss, publicUrl] = [await issuerOf(client), await publicUrlOf(client)];
    const invalid = failure(400, 'invalid_login_state');
    await client.check('refuses a callback without a state', open(CALLBACK, { code: 'a' }), invalid);
    await client.check(
      'refuses a state that it did not issue',
      open(CALLBACK, { state: '3x', code: 'a' }),
      invalid,
    );

    const denied = await begin(client, { redirect_to: '/settings?tab=members' });
    const response = { state: denied.state, error: 'access_denied', iss };
    await client.check('refuses the callback in another browser', open(CALLBACK, response), invalid);
    const again = `${publicUrl}/api/v1/oauth/custom-oidc/login?redirect_to=%2Fsettings%3Ftab%3Dmembers`;
    await client.check(
      'shows who can help when the provider denies the sign-in, and keeps the requested page',
      open(CALLBACK, response, denied.cookie),
      failure(403, 'authorization_denied', (page) => String(page).includes(`href="${again}"`)),
    );
    await client.check('refuses the same state again', open(CALLBACK, response, denied.cookie), invalid);

    const mixed = await begin(client);
    await client.check(
      'refuses the response of another issuer',
      open(CALLBACK, { state: mixed.state, code: 'a', iss: 'https://idp.evil.example' }, mixed.cookie),
      { status: 400, text: (page) => !String(page).includes('evil.example') },
    );
    const wrong = await begin(client);
    await client.check(
      'refuses a code that the provider does not know',
      open(CALLBACK, { state: wrong.state, code: 'unknown', iss }, wrong.cookie),
      { status: [400, 403], headers: { 'x-error-code': /^(authorization_code|client_request)_rejected$/ } },
    );
    await client.check(
      'returns JSON to clients other than browsers',
      { method: 'GET', path: CALLBACK },
      { status: 400, body: { detail: /Start again/ } },
    );
  },
};

const FORM: Sequence = {
  name: 'form post',
  obstacle: withoutSso,
  run: async (client) => {
    const publicUrl = await publicUrlOf(client);
    const form = { state: '0'.repeat(44), code: 'a', redirect_to: 'https://evil.example' };
    const headers = { origin: 'https://idp.example' };
    for (const path of [CALLBACK, '/oauth-callback'])
      await client.check(
        `repeats a form without a cookie once as GET: ${path}`,
        submit(path, form, headers),
        {
          status: 303,
          headers: {
            location: `${publicUrl}${CALLBACK}?state=${form.state}&code=a`,
            'set-cookie': undefined,
            'referrer-policy': 'no-referrer',
          },
        },
      );
    await client.check('refuses the repeated callback', open(CALLBACK, { state: form.state, code: 'a' }), {
      status: 400,
    });
    await client.check('refuses a form without a state', submit(CALLBACK, { code: 'a' }, headers), {
      status: 400,
    });
    await client.check('leaves GET of the legacy callback to the front end', open('/oauth-callback'), {
      status: 405,
      headers: { allow: 'POST' },
    });
  },
};

export const CALLBACKS: readonly Sequence[] = [ERRORS, FORM];
