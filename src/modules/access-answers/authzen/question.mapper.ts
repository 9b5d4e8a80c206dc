import { ALL_WORKSPACE_PERMISSIONS, type WorkspacePermission } from '../../../common/access/permissions.js';
import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { isJsonObject } from '../../../common/json.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { check } from '../../../common/http/operations/validation.pipe.js';
import { NIL_UUID, UUID } from '../../../common/http/operations/value-checks.js';
import {
  type AuthzenAction,
  type AuthzenResource,
  type AuthzenSubject,
  type Evaluation,
  EvaluationRequest,
  SUBJECT_TYPES,
} from '../../../contract/authzen.js';
import { RESOURCE_TYPES } from '../../../contract/tags.js';
import type { AccessSubject } from '../decisions/access-facts.read-model.js';
import type { AccessQuestion, DecidedAccess } from '../decisions/decide-access.js';
import type { NotEvaluated, Unreadable } from './evaluate.js';

type Loc = Problem['loc'];
type ResourceInWorkspace = {
  readonly workspaceId: string;
  readonly resource: { readonly type: string; readonly id: string } | null;
  /** False: of a type that there is not, so that nothing is permitted with it. */
  readonly isKnown: boolean;
};

/** A text that is no UUID names nothing. */
const idOf = (text: string): string => (UUID.test(text) ? text.toLowerCase() : NIL_UUID);

export const isSubjectKind = (type: string): type is AccessSubject['kind'] =>
  (SUBJECT_TYPES as readonly string[]).includes(type);

/** An unknown type, id or address is no problem: the decision is the same as for a subject without access. */
export function toSubject({ type, id }: AuthzenSubject): AccessSubject {
  if (!isSubjectKind(type)) return { kind: 'user', id: NIL_UUID };
  return type === 'user' && !UUID.test(id)
    ? { kind: type, email: canonicalSearchEmail(id) }
    : { kind: type, id: idOf(id) };
}

export const isPermission = (name: string): name is WorkspacePermission =>
  (ALL_WORKSPACE_PERMISSIONS as ReadonlySet<string>).has(name);

/** Null: there is no such permission of workspaces. */
export const toPermission = ({ name }: AuthzenAction): WorkspacePermission | null =>
  isPermission(name) ? name : null;

/** Null if `problems` got one. Tags in the request are not believed; those of this resource are looked up. */
export function toResource(
  { type, id, properties }: AuthzenResource,
  loc: Loc,
  problems: Problem[],
): ResourceInWorkspace | null {
  if (type === 'workspace') return { workspaceId: idOf(id), resource: null, isKnown: true };
  const resource = { type, id: idOf(id) };
  const isKnown = (RESOURCE_TYPES as readonly string[]).includes(type);
  const workspaceId = properties?.['workspace_id'];
  if (typeof workspaceId === 'string') return { workspaceId: idOf(workspaceId), resource, isKnown };
  if (!isKnown) return { workspaceId: NIL_UUID, resource, isKnown };
  const isMissing = workspaceId === undefined || workspaceId === null;
  problems.push({
    loc: [...loc, 'resource', 'properties', 'workspace_id'],
    ...(isMissing ? MISSING : { msg: 'Input should be a valid string', type: 'string_type' }),
  });
  return null;
}

/** Null if `problems` got one. */
function toQuestion(
  { subject, action, resource }: EvaluationRequest,
  loc: Loc,
  problems: Problem[],
): AccessQuestion | null {
  const where = toResource(resource, loc, problems);
  if (!where) return null;
  return { subject: toSubject(subject), permission: where.isKnown ? toPermission(action) : null, ...where };
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
  const problems: Problem[] = [];
  const loc = ['evaluations', index];
  const request = check(
    EvaluationRequest,
    isJsonObject(given) ? { ...defaults, ...given } : given,
    loc,
    problems,
  );
  const question = problems.length === 0 ? toQuestion(request as EvaluationRequest, loc, problems) : null;
  return question ?? { problems };
}

/** Unknown subjects and those without access have the same response. Names are for those who may read them. */
export const toEvaluation =
  (showsNames: boolean) =>
  (result: DecidedAccess | NotEvaluated): Evaluation => {
    if (!('allowed' in result)) return { decision: false, context: { error: errorOf(result) } };
    const { allowed, reason, policy, permittedBy } = result;
    const roles = permittedBy.map(({ role, group }) => ({ ...role, user_group: group }));
    return {
      decision: allowed,
      context: {
        reason: reason === 'not_granted' ? 'no_access' : reason,
        ...(showsNames && roles.length > 0 ? { roles } : {}),
        ...(showsNames && policy ? { access_policy: { id: policy.id, name: policy.name } } : {}),
      },
    };
  };

function errorOf(result: NotEvaluated): { status: number; message: string } {
  if ('refusal' in result) return { status: 403, message: result.refusal.message };
  return {
    status: 400,
    message: result.problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '),
  };
}

const MISSING = { msg: 'Field required', type: 'missing' };
