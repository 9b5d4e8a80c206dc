import { type OrgWithAdmin, role } from '../fixtures.js';
import type { TestIdentityProvider } from '../identity-provider.js';
import type { Replicas } from '../replicas.js';
import { BACKCHANNEL, COOKIE, LOGOUT, signedIn, type SsoPerson } from '../sso-session.js';
import {
  type AccessChanges,
  INFO,
  type Scene,
  succeeds,
  using,
  usesOf,
  workspaceMember,
} from './access-change.js';

/** Replicas with single sign-on. */
export type Sso = { replicas: Replicas; idp: TestIdentityProvider };

/** Signs a new member of the organization in at the first replica. */
async function ssoMember({ replicas, idp }: Sso, org: OrgWithAdmin, isAdmin = false) {
  const person: SsoPerson = await signedIn(replicas, idp);
  await replicas.fixtures.addMember(org, person, {
    org: isAdmin ? 'ORGANIZATION_ADMIN' : 'ORGANIZATION_USER',
    workspace: role('WORKSPACE_USER'),
  });
  const cookie = { value: `${COOKIE}=${person.token}`, origin: replicas.url };
  const { orgId, workspaceId } = org;
  return { person, api: replicas.api.as({ cookie, orgId, workspaceId }) };
}

export const revocationsOfSso = (sso: () => Sso): AccessChanges => ({
  'the identity provider logs a user out': async ({ org }) => {
    const { person, api } = await ssoMember(sso(), org);
    const { idp } = sso();
    const token = await idp.sign(idp.logoutClaims({ sub: person.sub }));
    return {
      uses: usesOf(api, org.workspaceId),
      change: async (url) => {
        const body = new URLSearchParams({ logout_token: token });
        const { status } = await fetch(`${url}${BACKCHANNEL}`, { method: 'POST', body });
        if (status !== 200) throw new Error(`the logout token is refused: ${status}`);
      },
    };
  },
  'a user with single sign-on logs out': async ({ org }) => {
    const { api } = await ssoMember(sso(), org);
    return {
      uses: usesOf(api, org.workspaceId),
      change: (url) => succeeds(api.at(url).post(LOGOUT)),
    };
  },
});

/** Made at a replica with single sign-on; passwords end at replicas without. */
export const revocationsBySso = (sso: () => Sso): AccessChanges => ({
  'sso_only is turned on': async ({ replicas }: Scene) => {
    const org = await replicas.fixtures.orgWithAdmin();
    const { api: admin } = await ssoMember(sso(), org, true);
    const { api } = await workspaceMember({ replicas, org });
    const turnOn = (url: string) =>
      succeeds(admin.at(url).patch('/api/v1/orgs/current/login-methods', { sso_only: true }));
    return {
      uses: [using(api, INFO), using(org.admin.api, INFO)],
      change: (url) => turnOn(sso().replicas.urls[replicas.urls.indexOf(url)] ?? ''),
    };
  },
});
