import type { Sequence } from '../area.ts';
import { firstWorkspace, ORG, patch, post } from './requests.ts';

const INVISIBLE = {
  'a right-to-left override': '\u202eRobot',
  'a tab': 'Ro\tbot',
  'a zero-width space': 'Robot\u200b',
};

/** docs/contract/http.md#names */
export const NAMES: Sequence = {
  name: 'names',
  run: async (client) => {
    const { id } = await firstWorkspace(client);
    for (const [what, name] of Object.entries(INVISIBLE)) {
      const requests = [
        post('/api/v1/service-accounts', { name }),
        post('/api/v1/workspaces', { display_name: name }),
        patch(`/api/v1/workspaces/${id}`, { display_name: name }),
        patch(`${ORG}/info`, { display_name: name }),
        post(`${ORG}/service-keys`, { description: name }),
        post('/api/v1/api-key', { description: name }),
        post(`${ORG}/roles`, { display_name: name, description: '', permissions: ['runs:read'] }),
      ];
      for (const request of requests) {
        const response = await client.check(`refuses ${what}: ${request.method} ${request.path}`, request, {
          status: 422,
        });
        if (request.method === 'POST') client.removeAfterwards(request.path, response['id']);
      }
    }
  },
};
