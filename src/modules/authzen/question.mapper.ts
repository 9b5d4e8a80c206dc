import { permissionScope, type WorkspacePermission } from '../../common/access/permissions.js';
import { canonicalSearchEmail } from '../../common/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { check } from '../../common/http/operations/validation.pipe.js';
import { UUID } from '../../common/http/operations/value-checks.js';
import {
  type AuthzenAction,
  type AuthzenResource,
  type AuthzenSubject,
  EvaluationRequest,
} from '../../contract/authzen.js';
import type { AccessQuestion, AccessSubject } from '../directory/index.js';
import type { Unreadable } from './evaluate.js';

type Loc = Problem['loc'];
type ResourceInWorkspace = Pick<AccessQuestion, 'workspaceId' | 'resource'>;

/** The id of nothing: what a text that is no UUID names. */
const NIL = '00000000-0000-0000-0000-000000000000';
const idOf = (text: string): string => (UUID.test(text) ? text.toLowerCase() : NIL);

/** An unknown id or address is no problem: the decision is the same as for a subject without access. */
const toSubject = ({ type, id }: AuthzenSubject): AccessSubject =>
  type === 'user' && !UUID.test(id)
    ? { kind: type, email: canonicalSearchEmail(id) }
    : { kind: type, id: idOf(id) };

/** Null if `problems` got one. */
function toPermission({ name }: AuthzenAction, loc: Loc, problems: Problem[]): WorkspacePermission | null {
  if (permissionScope(name) === 'workspace') return name as WorkspacePermission;
  problems.push({ loc: [...loc, 'action', 'name'], msg: ONLY_WORKSPACES, type: 'value_error' });
  return null;
}

/** Null if `problems` got one. Tags in the request are not believed; those of this resource are looked up. */
function toResource(
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
function toQuestion(
  { subject, action, resource }: EvaluationRequest,
  loc: Loc,
  problems: Problem[],
): AccessQuestion | null {
  const permission = toPermission(action, loc, problems);
  const where = toResource(resource, loc, problems);
  return permission && where ? { subject: toSubject(subject), permission, ...where } : null;
}

/** @throws ValidationFailed */
export function fromEvaluation(request: EvaluationRequest): AccessQuestion {
  const problems: Problem[] = [];
  const question = toQuestion(request, ['body'], problems);
  if (!question) throw new ValidationFailed(problems);
  return question;
}

/** One of many: its members take the place of the defaults as a whole. */
export function fromEvaluationOfMany(
  defaults: object,
  given: unknown,
  index: number,
): AccessQuestion | Unreadable {
  const [problems, loc]: [Problem[], Loc] = [[], ['evaluations', index]];
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const request = check(EvaluationRequest, isObject ? { ...defaults, ...given } : given, loc, problems);
  const question = problems.length === 0 ? toQuestion(request as EvaluationRequest, loc, problems) : null;
  return question ?? { problems };
}

const ONLY_WORKSPACES = 'Only permissions of workspaces can be asked about';
const MISSING = { msg: 'Field required', type: 'missing' };
