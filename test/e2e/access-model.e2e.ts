import { proveModel } from '../support/access-model/prove-model.js';
import { replicasAt, SMALL_POOL } from '../support/replicas.js';
import { startTestApp } from '../support/test-app.js';

/** `test/faults/full/access-model.fault.ts` makes 10,000 changes at servers in processes of their own. */
proveModel(
  async () => {
    const uncached = await startTestApp({ ...SMALL_POOL, CALLER_CACHE: 'off' });
    const cached = [
      await startTestApp(SMALL_POOL, uncached.databaseUrl),
      await startTestApp(SMALL_POOL, uncached.databaseUrl),
    ];
    const servers = [uncached, ...cached];
    const close = async () => {
      for (const server of servers) await server.close();
    };
    return replicasAt(
      servers.map(({ url }) => url),
      uncached.databaseUrl,
      close,
    );
  },
  { steps: 200, minutes: 3 },
);
