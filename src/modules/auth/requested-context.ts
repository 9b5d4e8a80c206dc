import { type GuardedRule, needsWorkspace } from '../../common/access/access-rule.decorator.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { UUID } from '../../common/http/value-checks.js';
import { single } from './credential.js';

/** Where a request wants to act. Ids are well-formed; malformed ones are absent here and named in `problems`. */
export type RequestedContext = {
  readonly orgId: string | null;
  readonly workspaceId: string | null;
  readonly workspaceIsInPath: boolean;
  /** The route acts in a workspace; when none is named, one is derived from the credential. */
  readonly needsWorkspace: boolean;
  readonly problems: readonly Problem[];
};

/** Nothing named and nothing needed: to ask only whether a credential is valid. */
export const NO_CONTEXT: RequestedContext = {
  orgId: null,
  workspaceId: null,
  workspaceIsInPath: false,
  needsWorkspace: false,
  problems: [],
};

type ContextSource = { headers: Record<string, string | string[] | undefined>; params: unknown };

/**
 * Both headers count on every route that has a context, since clients send both; on a route without one they
 * choose nothing and are ignored. A workspace in the path wins over the header.
 */
export function requestedContext(rule: GuardedRule, { headers, params }: ContextSource): RequestedContext {
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
    problems,
  };
}
