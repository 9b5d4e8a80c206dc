import { proveSsoChanges } from '../support/access-changes/prove-sso-changes.js';
import { startReplicas } from '../support/replicas.js';

let databaseUrl: string | undefined;

proveSsoChanges(async (environment) => {
  const replicas = await startReplicas(environment, databaseUrl);
  ({ databaseUrl } = replicas);
  return replicas;
}, 3);
