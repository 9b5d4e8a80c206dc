import { startHosts } from '../../../test/setup/global-setup.mjs';

/** As `test/setup/global-setup.mjs`, on a database that is migrated already; specs beside the code need no server. */
export default async function setup() {
  const hosts = process.env.MUTATE_NEEDS_SERVERS ? await startHosts(1) : [];
  process.env.TENANTRY_TEST_HOSTS = hosts.join(',');
}
