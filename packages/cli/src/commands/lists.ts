import { collect, dataOf, everyItem, everyRow, streamRows } from '@tenantry/client';
import type { Connection } from '../connection.js';
import type { Output } from '../terminal.js';

const date = (time: string | null | undefined): string => time?.slice(0, 10) ?? '';

/** A login, as a key, belongs to one organization. */
export async function orgs({ api, url }: Connection, output: Output): Promise<void> {
  const organization = await dataOf(api.GET('/api/v1/orgs/current'));
  output.rows([organization], { id: ({ id }) => id, name: (org) => org.display_name, server: () => url }, '');
}

/** Members, or people who have not accepted their invitation. */
export async function members({ api }: Connection, output: Output, isPending: boolean): Promise<void> {
  const sort = { sort_by_desc: false } as const;
  if (isPending) {
    const invited = await collect(
      everyRow((part) =>
        api.GET('/api/v1/orgs/current/members/pending', { params: { query: { ...part, ...sort } } }),
      ),
    );
    output.rows(
      invited,
      {
        'e-mail': ({ email }) => email,
        name: (row) => row.full_name,
        role: (row) => row.org_role_name ?? row.role_name,
        invited: (row) => date(row.created_at),
        state: (row) => (row.is_expired ? 'expired' : 'pending'),
      },
      'No one is invited.',
    );
    return;
  }
  const rows = await collect(
    everyRow((part) =>
      api.GET('/api/v1/orgs/current/members/active', { params: { query: { ...part, ...sort } } }),
    ),
  );
  output.rows(
    rows,
    {
      'e-mail': ({ email }) => email,
      name: (row) => row.full_name,
      role: (row) => row.role_name,
      since: (row) => date(row.created_at),
      state: (row) => (row.is_disabled ? 'disabled' : 'active'),
    },
    'The organization has no members.',
  );
}

export async function groups({ api }: Connection, output: Output): Promise<void> {
  const rows = await collect(
    everyItem((cursor) =>
      api.GET('/v1/platform/orgs/current/user-groups', { params: { query: { cursor, page_size: 100 } } }),
    ),
  );
  output.rows(
    rows,
    {
      id: ({ id }) => id,
      name: ({ name }) => name,
      description: ({ description }) => description,
      'managed by': (row) => (row.idp_sync_enabled ? 'identity provider' : 'members'),
    },
    'The organization has no user groups.',
  );
}

/** Service keys, and the personal access tokens of the caller. */
export async function keys({ api }: Connection, output: Output): Promise<void> {
  const kinds = [
    ['service key', '/api/v1/orgs/current/service-keys'],
    ['personal token', '/api/v1/orgs/current/personal-access-tokens'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(async ([kind, path]) => {
      const rows = await collect(streamRows(api, path));
      return rows.map((row) => ({ kind, ...row }));
    }),
  );
  output.rows(
    lists.flat(),
    {
      kind: ({ kind }) => kind,
      key: (row) => row.short_key,
      description: (row) => row.description,
      'last used': (row) => date(row.last_used_at) || 'never',
      expires: (row) => date(row.expires_at) || 'never',
    },
    'There are no keys.',
  );
}
