import { ssoSettings } from '../sso-settings.js';
import { NAMES, PREPARED, type World } from './world.js';

/** Names that grant nothing, as long as no workspace, separator or user group gets another name. */
const CLAIMS = [
  `Organization User:${PREPARED}:Admin`,
  ...NAMES.map((name) => `Organization User-${name}-Admin`),
  'designers',
];

/** A person of the identity provider signs in to the organization with these groups, the same person each time. */
export async function signInWithGroups(world: World): Promise<void> {
  const { env, org } = world;
  if (!world.claimant) {
    world.claimant = env.person({ groups: CLAIMS });
    await ssoSettings(org, { sso_groups_enabled: true, sso_groups_role_sync_enabled: true });
    await env.t.sql('update organizations set is_default = false where is_default');
    await env.t.sql('update organizations set is_default = true where id = $1', [org.orgId]);
  }
  const { page, message } = await env.signIn(world.claimant);
  if (page.status >= 400) throw new Error(`signing in: ${page.status} ${message}`);
}
