import type { Area } from '../area.ts';
import { CALLBACKS } from './callbacks.ts';
import { ENTRIES } from './entries.ts';
import { LOGOUTS } from './logouts.ts';
import { BASIC_AUTH } from './basic-auth.ts';

/**
 * The requests of browsers and of the identity provider that need no user: docs/contract/sign-in.md. The provider that is
 * configured has to be reachable from here, too. `--issuer` is needed if its metadata are not above its authorization
 * endpoint.
 */
export const OIDC: Area = {
  name: 'oidc',
  options: [],
  extras: ['issuer'],
  connect: (url) => ({ base: url, headers: {} }),
  sequences: [...ENTRIES, ...CALLBACKS, ...LOGOUTS, BASIC_AUTH],
};
