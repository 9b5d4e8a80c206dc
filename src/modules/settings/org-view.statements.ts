import type { CallerRead } from '../../common/access/caller-read.js';
import { type Org, ORG_COLUMNS } from '../orgs/index.js';
import { LIMIT_REACHED } from '../workspaces/index.js';

type LoadedOrg = Org & { readonly reachedMaxWorkspaces: boolean };

/** The organization of the request, and whether it has as many workspaces as it may. */
export const ORGANIZATION: CallerRead<LoadedOrg> = {
  name: 'organization',
  sql: () => `(
    select json_build_object('value', p, 'orgIds', array[]::uuid[], 'endsAt', null)
    from (select ${ORG_COLUMNS}, ${LIMIT_REACHED} as "reachedMaxWorkspaces" from organizations where id = o.id) p)`,
  parse: (json) => {
    const org = json as LoadedOrg;
    return { ...org, createdAt: new Date(org.createdAt), modifiedAt: new Date(org.modifiedAt) };
  },
};
