/**
 * Creates a workspace, invites a user with roles, adds a member, changes their roles, creates and deletes a key, and
 * prints a report: `node examples/manage-organization/manage.ts --client hey-api --server
 * http://127.0.0.1:1984 --workspace Research --newcomer grace@example.com --member ada@example.com`, with the key of an
 * organization admin in LANGSMITH_API_KEY. Generate the clients first.
 */
import { parseArgs } from 'node:util';
import type { Manage } from './story.ts';

const CLIENTS: Record<string, () => Promise<{ manage: Manage }>> = {
  'openapi-fetch': () => import('./with-openapi-fetch.ts'),
  'hey-api': () => import('./with-hey-api.ts'),
};

const text = { type: 'string' } as const;
const { client, server, workspace, newcomer, member } = parseArgs({
  options: { client: text, server: text, workspace: text, newcomer: text, member: text },
}).values;
const key = process.env.LANGSMITH_API_KEY;
const load = CLIENTS[client ?? 'openapi-fetch'];
if (!server || !workspace || !newcomer || !member || !key || !load) {
  console.error('give --server, --workspace, --newcomer and --member, and LANGSMITH_API_KEY');
  console.error(`--client is one of ${Object.keys(CLIENTS).join(', ')}`);
  process.exit(1);
}

const { manage } = await load();
console.log(JSON.stringify(await manage(server, key, { workspace, newcomer, member }), null, 2));
