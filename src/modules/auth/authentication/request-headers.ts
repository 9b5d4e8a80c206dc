import { type GuardedRule, needsWorkspace } from '../../../common/access/access.guard.js';
import type { CallerRead } from '../../../common/access/caller-read.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { flagOf, UUID } from '../../../common/http/operations/value-checks.js';
import { looksLikeAccessToken } from '../../../common/secrets/credential-formats.js';

/** The credential of a request, not validated yet. */
export type Credential = { kind: 'api-key' | 'access-token' | 'session-token' | 'cookie'; value: string };

type Headers = Readonly<Record<string, string | string[] | undefined> & { cookie?: string | undefined }>;
type Cookie = { readToken(header: string | undefined): string | null };

const BEARER = /^Bearer +(\S+)$/i;
const KEY_PREFIX = 'lsv2_';

/**
 * Reads the credential from headers with lower-case names. `X-API-Key` wins over `Authorization: Bearer`, which carries
 * a session token, a key or, as the only header, an access token; both win over a cookie, which the browser adds by
 * itself. Basic is for login only.
 */
export function credentialOf(headers: Headers, cookie: Cookie): Credential | null {
  const key = single(headers['x-api-key']);
  if (key) return { kind: 'api-key', value: key };
  const bearer = BEARER.exec(single(headers.authorization) ?? '')?.[1];
  if (bearer) return { kind: kindOf(bearer), value: bearer };
  const token = cookie.readToken(headers.cookie);
  return token === null ? null : { kind: 'cookie', value: token };
}

const kindOf = (bearer: string): Credential['kind'] =>
  bearer.startsWith(KEY_PREFIX) ? 'api-key' : looksLikeAccessToken(bearer) ? 'access-token' : 'session-token';

/** Null for an absent, empty or repeated header; a repeated one is ambiguous. */
function single(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header.trim() || null : null;
}

/** The context that a request names. Ids are well-formed; a malformed id is null here and listed in `problems`. */
export type RequestedContext = {
  readonly orgId: string | null;
  readonly workspaceId: string | null;
  readonly workspaceIsInPath: boolean;
  /** The route acts in a workspace; without a requested one it is derived from the credential. */
  readonly needsWorkspace: boolean;
  /** The workspace in the path may be a deleted one, which is no context. */
  readonly includesDeleted: boolean;
  readonly reads: CallerRead | null;
  readonly problems: readonly Problem[];
};

/** No requested context; used to check only whether a credential is valid. */
export const NO_CONTEXT: RequestedContext = {
  orgId: null,
  workspaceId: null,
  workspaceIsInPath: false,
  needsWorkspace: false,
  includesDeleted: false,
  reads: null,
  problems: [],
};

type ContextSource = {
  headers: Record<string, string | string[] | undefined>;
  params: unknown;
  query?: unknown;
};

/**
 * Reads both headers on every route with a context, because clients send both; other routes ignore them. A workspace in
 * the path wins over the header.
 */
export function requestedContext(
  rule: GuardedRule,
  { headers, params, query }: ContextSource,
): RequestedContext {
  if (rule.context === 'none') return NO_CONTEXT;
  const workspaceIsInPath = rule.context === 'workspace-in-path';
  const problems: Problem[] = [];
  const id = (value: string | null, ...loc: string[]) => {
    if (value === null || UUID.test(value)) return value?.toLowerCase() ?? null;
    problems.push({ loc, msg: 'Input should be a valid UUID', type: 'uuid_parsing' });
    return null;
  };
  return {
    orgId: id(single(headers['x-organization-id']), 'header', 'x-organization-id'),
    workspaceId: workspaceIsInPath
      ? id((params as { workspace_id: string }).workspace_id, 'path', 'workspace_id')
      : id(single(headers['x-tenant-id']), 'header', 'x-tenant-id'),
    workspaceIsInPath,
    needsWorkspace: needsWorkspace(rule),
    includesDeleted: rule.kind === 'permission' && rule.includesDeleted === true && asksForDeleted(query),
    reads: rule.kind === 'permission' && rule.reads && !asksForDeleted(query) ? rule.reads : null,
    problems,
  };
}

function asksForDeleted(query: unknown): boolean {
  const { include_deleted: text } = query as Record<string, unknown>;
  return typeof text === 'string' && flagOf(text) === true;
}

/** The organization alone, as the request names it or as it is derived. */
export const withoutWorkspace = ({ orgId, problems }: RequestedContext): RequestedContext => ({
  ...NO_CONTEXT,
  orgId,
  problems,
});
