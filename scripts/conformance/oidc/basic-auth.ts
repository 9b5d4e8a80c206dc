import type { Sequence } from '../area.ts';
import { BACKCHANNEL, CALLBACK, FRONTCHANNEL, LOGIN, open, SIGNED_OUT, submit, withSso } from './sign-in.ts';

export const BASIC_AUTH: Sequence = {
  name: 'without single sign-on',
  obstacle: withSso,
  run: async (client) => {
    const disabled = { status: 404, headers: { 'x-error-code': 'sso_disabled' } };
    for (const path of [LOGIN, CALLBACK, SIGNED_OUT, FRONTCHANNEL])
      await client.check(`is not set up: GET ${path}`, open(path), disabled);
    for (const path of [LOGIN, CALLBACK, '/oauth-callback', BACKCHANNEL])
      await client.check(`is not set up: POST ${path}`, submit(path, { state: 'x' }), disabled);
  },
};
