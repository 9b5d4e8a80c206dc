import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/served.d.ts';

type Problem = components['schemas']['ValidationError'];

/** A workspace; requests by `api` act in it. */
export type Workspace = { id: string; api: Client<paths> };

/** An error response of the server: one text, or problems that each name their place in the request. */
export class Refused extends Error {
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, body: unknown) {
    const { detail = body } = (body ?? {}) as { detail?: unknown };
    const problems = Array.isArray(detail) ? (detail as Problem[]) : [];
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more like this)` : '';
    super(problems[0] ? problems[0].msg + more : `${String(detail ?? 'no reason given')} (HTTP ${status})`);
    this.status = status;
    this.problems = problems;
  }
}

type FetchResult<T> = { data?: T; error?: unknown; response: Response };

/**
 * The body of a successful response.
 * @throws Refused for every other response.
 */
export async function dataOf<T>(call: Promise<FetchResult<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (data === undefined) throw new Refused(response.status, error);
  return data;
}

/** Logs in with a password; the workspace may be in any organization of the user. */
export async function openWorkspace(
  server: string,
  who: { email: string; password: string },
  name: string,
): Promise<Workspace> {
  const basic = Buffer.from(`${who.email}:${who.password}`).toString('base64');
  const anonymous = createClient<paths>({ baseUrl: server });
  const login = anonymous.POST('/api/v1/login', { headers: { authorization: `Basic ${basic}` } });
  const bearer = { authorization: `Bearer ${(await dataOf(login)).access_token}` };
  const signedIn = createClient<paths>({ baseUrl: server, headers: bearer });
  const mine = await dataOf(signedIn.GET('/api/v1/tenants', { params: { query: { skip_create: true } } }));
  const [workspace, another] = mine.filter(({ display_name }) => display_name === name);
  if (!workspace || another) {
    const names = mine.map(({ display_name }) => display_name).join(', ') || 'none';
    throw new Error(`${another ? 'More than one' : 'No'} workspace is called "${name}"; yours are: ${names}`);
  }
  const place = { 'x-organization-id': workspace.organization_id, 'x-tenant-id': workspace.id };
  return {
    id: workspace.id,
    api: createClient<paths>({ baseUrl: server, headers: { ...bearer, ...place } }),
  };
}

const PAGE = 500;

/** All pages of a list, oldest rows first: rows that are added during the requests move no row to another page. */
export async function everyPage<Row>(
  page: (query: { limit: number; offset: number; sort_by_desc: false }) => Promise<FetchResult<Row[]>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const next = await dataOf(page({ limit: PAGE, offset: rows.length, sort_by_desc: false }));
    rows.push(...next);
    if (next.length < PAGE) return rows;
  }
}
