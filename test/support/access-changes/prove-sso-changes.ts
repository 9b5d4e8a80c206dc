import { afterAll, beforeAll, describe } from '@jest/globals';
import { freePort } from '../free-port.js';
import { TestIdentityProvider } from '../identity-provider.js';
import type { Replicas } from '../replicas.js';
import type { Scene } from './access-change.js';
import { proveChanges } from './prove-changes.js';
import { revocationsBySso, revocationsOfSso, type Sso } from './sso-changes.js';

/** @param environment of single sign-on; without it, the servers use passwords */
type Start = (environment?: Record<string, string>) => Promise<Replicas>;

/**
 * The tests of changes that single sign-on brings. `start` is called twice, for replicas with passwords and with single
 * sign-on on one database, as an installation that switches has them.
 */
export function proveSsoChanges(start: Start, times: number): void {
  let basic: Scene;
  let sso: Sso;
  beforeAll(async () => {
    const replicas = await start();
    basic = { replicas, org: await replicas.fixtures.orgWithAdmin() };
    const idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
    sso = { idp, replicas: await start(idp.environment) };
  });
  afterAll(async () => {
    await sso.replicas.close();
    await sso.idp.stop();
    await basic.replicas.close();
  });

  describe('no replica with single sign-on grants a request that is sent after', () => {
    const changes = revocationsOfSso(() => sso);
    proveChanges(() => ({ replicas: sso.replicas, org: basic.org }), { changes, times });
  });

  describe('no replica with passwords grants a request that is sent after', () => {
    proveChanges(() => basic, { changes: revocationsBySso(() => sso), times });
  });
}
