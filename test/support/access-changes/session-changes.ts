import type { Api } from '../api.js';
import { basicAuth } from '../forged-credentials.js';
import type { Member } from '../fixtures.js';
import { ORG_MEMBERS } from '../invitations.js';
import { LOGOUT } from '../sso-session.js';
import { WITH_APPLICATIONS } from '../grants.js';
import {
  type AccessChanges,
  INFO,
  type Scene,
  succeeds,
  using,
  WORKSPACES,
  workspaceMember,
} from './access-change.js';

const SESSIONS = '/api/v1/me/sessions';
/** Of the pages of all replicas. */
const ORIGIN = WITH_APPLICATIONS.LANGSMITH_URL;

/** The value of the session cookie of a new login. */
async function cookieOf({ replicas: { api } }: Scene, { email, password }: Member): Promise<string> {
  const headers = { ...basicAuth(email, password), 'x-session-cookie': 'true', origin: ORIGIN };
  const login = await api.post('/api/v1/login', undefined, { headers });
  const [cookie] = login.headers.getSetCookie().join().split(';');
  if (!cookie) throw new Error(`login of ${email}: ${login.status}`);
  return cookie;
}

const usesOfSession = (api: Api) => [using(api, INFO), using(api, WORKSPACES)];

export const REVOCATIONS_OF_SESSIONS: AccessChanges = {
  'a session is ended from the list': async (scene) => {
    const member = await workspaceMember(scene);
    const [{ id }] = await succeeds(member.api.get(SESSIONS));
    const other = member.api.as({
      token: await scene.replicas.fixtures.login(member.email, member.password),
    });
    return {
      uses: usesOfSession(member.api),
      change: (url) => succeeds(other.at(url).delete(`${SESSIONS}/${id}`), 204),
    };
  },
  'a user signs out everywhere': async (scene) => {
    const member = await workspaceMember(scene);
    const other = member.api.as({
      token: await scene.replicas.fixtures.login(member.email, member.password),
    });
    return {
      uses: [member.api, other].flatMap(usesOfSession),
      change: (url) => succeeds(other.at(url).delete(SESSIONS), 204),
    };
  },
  'a browser logs out': async (scene) => {
    const member = await workspaceMember(scene);
    const value = await cookieOf(scene, member);
    const { orgId, workspaceId } = scene.org;
    const browserAt = (url: string) =>
      scene.replicas.api.at(url).as({ cookie: { value, origin: ORIGIN }, orgId, workspaceId });
    return {
      uses: usesOfSession(browserAt(scene.replicas.url)),
      change: (url) => succeeds(browserAt(url).post(LOGOUT)),
    };
  },
  'an organization admin ends the sessions of a member': async (scene) => {
    const member = await workspaceMember(scene);
    const path = `${ORG_MEMBERS}/${member.membershipId}/sessions`;
    return {
      uses: usesOfSession(member.api),
      change: (url) => succeeds(scene.org.admin.api.at(url).delete(path), 204),
    };
  },
  'an organization admin sets the password of a member': async (scene) => {
    const member = await workspaceMember(scene);
    const body = { password: 'Another-Horse-Battery-1' };
    return {
      uses: usesOfSession(member.api),
      change: (url) =>
        succeeds(scene.org.admin.api.at(url).patch(`${ORG_MEMBERS}/${member.membershipId}`, body)),
    };
  },
};
