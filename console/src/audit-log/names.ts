import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { type Api, dataOf, type Schemas } from '../api/client';
import { useOrganization } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import type { Entry } from './targets';

type Named = readonly (readonly [id: string, name: string])[];

type Source = {
  /** Operations whose entries concern such things. */
  readonly of: RegExp;
  /** Those also act: entries of requests with them have no user. */
  readonly areActors?: boolean;
  readonly read: (api: Api) => Promise<Named>;
};

const ALL_RECEIVERS = { params: { query: { limit: 100 } } };
const namesOf = ({ items }: { items: { id: string; description: string; url: string }[] }): Named =>
  items.map(({ id, description, url }) => [id, description || url]);

/** Lists that are read once for all entries, if one of them may name something in it. */
const SOURCES: Record<
  'group' | 'role' | 'policy' | 'key' | 'scimToken' | 'account' | 'webhook' | 'logStream',
  Source
> = {
  group: { of: /user_group/, read: readGroups },
  role: {
    of: /_role|access_policies$/,
    read: async (api) =>
      (await dataOf(api.GET('/api/v1/orgs/current/roles'))).map(({ id, display_name: name }) => [id, name]),
  },
  policy: {
    of: /access_polic/,
    read: async (api) => {
      const { access_policies: policies = [] } = await dataOf(
        api.GET('/v1/platform/orgs/current/access-policies'),
      );
      return policies.map(({ id = '', name = '' }) => [id, name]);
    },
  },
  key: {
    of: /service_key|api_key/,
    areActors: true,
    read: async (api) =>
      (await dataOf(api.GET('/api/v1/orgs/current/service-keys'))).map(
        ({ id, description, short_key: shortKey }) => [id, description || shortKey],
      ),
  },
  scimToken: {
    of: /scim_token/,
    areActors: true,
    read: async (api) =>
      (await dataOf(api.GET('/v1/platform/orgs/current/scim/tokens'))).map(
        ({ id = '', description, short_token: shortToken = '' }) => [id, description || shortToken],
      ),
  },
  account: {
    of: /service_account/,
    read: async (api) =>
      (await dataOf(api.GET('/api/v1/service-accounts'))).map(({ id, name }) => [id, name]),
  },
  webhook: {
    of: /webhook/,
    read: async (api) => namesOf(await dataOf(api.GET('/api/v1/orgs/current/webhooks', ALL_RECEIVERS))),
  },
  logStream: {
    of: /log_stream/,
    read: async (api) => namesOf(await dataOf(api.GET('/api/v1/orgs/current/log-streams', ALL_RECEIVERS))),
  },
};

type Kind = keyof typeof SOURCES | 'workspace';
const KINDS = Object.keys(SOURCES) as (keyof typeof SOURCES)[];

export type Names = {
  readonly nameOf: (id: string) => string | undefined;
  readonly byKind: ReadonlyMap<Kind, Named>;
};

/** Names of what the caller may read, by id. `now`: when entries were read, so that names are as new as they are. */
export function useNames(isNeeded: (source: Source) => boolean, now = 0): Names {
  const { api, orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  const { data: organization } = useOrganization();
  const lists = useQueries({
    queries: KINDS.map((kind) => ({
      queryKey: ['audit-names', orgId, kind, now],
      queryFn: () => SOURCES[kind].read(api),
      enabled: isNeeded(SOURCES[kind]),
      placeholderData: keepPreviousData,
      retry: false,
    })),
  });
  const byKind = new Map<Kind, Named>([
    ['workspace', workspaces.map(({ id, display_name: name }) => [id, name] as const)],
    ...KINDS.map((kind, index) => [kind, lists[index]?.data ?? []] as const),
  ]);
  const names = new Map([...byKind.values()].flat());
  if (organization?.display_name) names.set(orgId, organization.display_name);
  return { nameOf: (id) => names.get(id), byKind };
}

export const namesNeededBy =
  (entries: readonly Entry[]) =>
  ({ of, areActors = false }: Source): boolean =>
    entries.some(
      ({ api, actor: { user } }) => of.test(api.operation) || (areActors && !user.uid && user.credential_uid),
    );

/** More are not read. */
const MOST_PAGES = 10;

async function readGroups(api: Api): Promise<Named> {
  const groups: Schemas['UserGroup'][] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const query = { page_size: 100, ...(cursor ? { cursor } : {}) };
    const call = api.GET('/v1/platform/orgs/current/user-groups', { params: { query } });
    const part: Schemas['UserGroupPage'] = await dataOf(call);
    groups.push(...part.items);
    cursor = part.next_cursor;
  }
  const own = groups.filter(({ parent_user_group_id: parent }) => !parent); // others are what a group has in a workspace
  return own.map(({ id, name }) => [id, name]);
}
