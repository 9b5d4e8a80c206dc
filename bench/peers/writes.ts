import { randomUUID } from 'node:crypto';
import { repeated } from '../alternating-runs.ts';
import type { BenchContext } from '../installations.ts';
import { expecting, jsonClient } from '../json-client.ts';
import type { Finding } from '../report.ts';
import { compare } from './compare.ts';

const AT_ONCE = 16;

/** One invitation in each request, all in one organization. */
export async function invitations({ small, betterAuth }: BenchContext): Promise<Finding[]> {
  const { server, adminKey, workspaceId } = small;
  const ours = jsonClient(server.url, { 'x-api-key': adminKey });
  const peer = await betterAuth();
  const peerClient =
    peer && jsonClient(`${peer.server.url}/api/auth`, { cookie: peer.cookie, origin: peer.server.url });
  return compare({
    what: `POST /api/v1/orgs/current/members, one new person, ${AT_ONCE} at a time`,
    ours: repeated(AT_ONCE, async () => {
      const body = { email: `${randomUUID()}@example.com`, workspace_ids: [workspaceId] };
      await expecting(200, ours('POST', '/api/v1/orgs/current/members', body));
      return 1;
    }),
    peers: {
      'Better Auth':
        peerClient &&
        repeated(AT_ONCE, async () => {
          const body = { email: `${randomUUID()}@example.com`, role: 'member', organizationId: peer.orgId };
          await expecting(200, peerClient('POST', '/organization/invite-member', body));
          return 1;
        }),
    },
    times: { 'Better Auth': 3 },
  });
}
