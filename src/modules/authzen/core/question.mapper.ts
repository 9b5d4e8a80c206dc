import { ALL_WORKSPACE_PERMISSIONS, type WorkspacePermission } from '../../../common/access/permissions.js';
import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import type {
  AuthzenAction,
  AuthzenResource,
  AuthzenSubject,
  EvaluationRequest,
} from '../../../contract/authzen.js';
import type { AccessQuestion, AccessSubject } from '../../directory/index.js';

type Loc = Problem['loc'];
type ResourceInWorkspace = {
  readonly workspaceId: string;
  readonly resource: { readonly type: string; readonly id: string } | null;
};

/** The id of nothing: what a text that is no UUID names. */
const NIL = '00000000-0000-0000-0000-000000000000';
const idOf = (text: string): string => (UUID.test(text) ? text.toLowerCase() : NIL);

/** An unknown id or address is no problem: the decision is the same as for a subject without access. */
export const toSubject = ({ type, id }: AuthzenSubject): AccessSubject =>
  type === 'user' && !UUID.test(id)
    ? { kind: type, email: canonicalSearchEmail(id) }
    : { kind: type, id: idOf(id) };

/** Null if `problems` got one. */
export function toPermission(
  { name }: AuthzenAction,
  loc: Loc,
  problems: Problem[],
): WorkspacePermission | null {
  if (ALL_PERMISSIONS.has(name)) return name as WorkspacePermission;
  problems.push({ loc: [...loc, 'action', 'name'], msg: ONLY_WORKSPACES, type: 'value_error' });
  return null;
}

/** Null if `problems` got one. Tags in the request are not believed; those of this resource are looked up. */
export function toResource(
  { type, id, properties }: AuthzenResource,
  loc: Loc,
  problems: Problem[],
): ResourceInWorkspace | null {
  if (type === 'workspace') return { workspaceId: idOf(id), resource: null };
  const workspaceId = properties?.['workspace_id'];
  if (typeof workspaceId === 'string')
    return { workspaceId: idOf(workspaceId), resource: { type, id: idOf(id) } };
  const isMissing = workspaceId === undefined || workspaceId === null;
  problems.push({
    loc: [...loc, 'resource', 'properties', 'workspace_id'],
    ...(isMissing ? MISSING : { msg: 'Input should be a valid string', type: 'string_type' }),
  });
  return null;
}

/** Null if `problems` got one at least. */
export function toQuestion(
  { subject, action, resource }: EvaluationRequest,
  loc: Loc,
  problems: Problem[],
): AccessQuestion | null {
  const permission = toPermission(action, loc, problems);
  const where = toResource(resource, loc, problems);
  return permission && where ? { subject: toSubject(subject), permission, ...where } : null;
}

export const ALL_PERMISSIONS: ReadonlySet<string> = ALL_WORKSPACE_PERMISSIONS;
const ONLY_WORKSPACES = 'It has to be a permission of workspaces';
const MISSING = { msg: 'Field required', type: 'missing' };
