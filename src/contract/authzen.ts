import {
  Flag,
  Integer,
  ListOf,
  Mapping,
  Nested,
  OneOf,
  Text,
  Uuid,
} from '../common/http/operations/fields.decorator.js';
import { PERMISSION_NAMES, type PermissionName } from './roles.js';
import { RESOURCE_TYPES } from './tags.js';

/** Shapes of the OpenID AuthZEN Authorization API 1.0 (docs/contract/authzen.md). */

const MAX_ID_LENGTH = 320;
export const MAX_EVALUATIONS = 500;

export const SUBJECT_TYPES = ['user', 'service_account', 'service_key'] as const;

/** Unknown types and actions are well-formed: they are denied, and searches find nothing (docs/contract/authzen.md#questions). */
const OPEN = { open: true };

export class AuthzenSubject {
  @OneOf(SUBJECT_TYPES, 'AuthzenSubjectType', OPEN) type: string;
  @Text({
    minLength: 1,
    maxLength: MAX_ID_LENGTH,
    description: 'The id of the user, account or key; for a user also the e-mail address.',
  })
  id: string;
  @Mapping({ optional: true, description: 'Ignored.' }) properties?: Record<string, unknown>;
}

export class AuthzenAction {
  @OneOf(PERMISSION_NAMES, 'authz_internal.Permission', {
    ...OPEN,
    description: 'A permission of workspaces.',
  })
  name: string;
  @Mapping({ optional: true, description: 'Ignored.' }) properties?: Record<string, unknown>;
}

const AUTHZEN_RESOURCE_TYPES = ['workspace', ...RESOURCE_TYPES] as const;

export class AuthzenResource {
  @OneOf(AUTHZEN_RESOURCE_TYPES, 'AuthzenResourceType', OPEN) type: string;
  @Text({ minLength: 1, maxLength: MAX_ID_LENGTH }) id: string;
  @Mapping({
    optional: true,
    description:
      '`workspace_id` is required except for a workspace. Tags are not read from here: the stored ones decide.',
  })
  properties?: Record<string, unknown>;
}

const CONTEXT = { optional: true, description: 'Ignored.' };

export class EvaluationRequest {
  @Nested(() => AuthzenSubject) subject: AuthzenSubject;
  @Nested(() => AuthzenAction) action: AuthzenAction;
  @Nested(() => AuthzenResource) resource: AuthzenResource;
  @Mapping(CONTEXT) context?: Record<string, unknown>;
}

const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
type EvaluationsSemantic = (typeof SEMANTICS)[number];

class EvaluationsOptions {
  @OneOf(SEMANTICS, 'EvaluationsSemantic', { default: 'execute_all' })
  evaluations_semantic: EvaluationsSemantic;
}

/** The members of an evaluation, each of which a request of many may leave to its default. */
class EvaluationDefaults {
  @Nested(() => AuthzenSubject, { optional: true }) subject?: AuthzenSubject;
  @Nested(() => AuthzenAction, { optional: true }) action?: AuthzenAction;
  @Nested(() => AuthzenResource, { optional: true }) resource?: AuthzenResource;
  @Mapping(CONTEXT) context?: Record<string, unknown>;
}

/** Without `evaluations` a single evaluation, which needs the other members. */
export class EvaluationsRequest extends EvaluationDefaults {
  @ListOf(() => EvaluationDefaults, { optional: true, maxSize: MAX_EVALUATIONS })
  evaluations?: EvaluationDefaults[];
  @Nested(() => EvaluationsOptions, { optional: true }) options?: EvaluationsOptions;
}

class NamedById {
  @Uuid() id: string;
  @Text() name: string;
}

class PermittingRole extends NamedById {
  @Nested(() => NamedById, { nullable: true, description: 'The user group that gives the role.' })
  user_group: NamedById | null;
}

class EvaluationError {
  @Integer() status: number;
  @Text() message: string;
}

const EVALUATION_REASONS = ['role', 'policy_allow', 'policy_deny', 'no_access'] as const;

class EvaluationContext {
  @OneOf(EVALUATION_REASONS, 'EvaluationReason', { optional: true })
  reason?: (typeof EVALUATION_REASONS)[number];
  @Nested(() => EvaluationError, { optional: true, description: 'Why it could not be evaluated.' })
  error?: EvaluationError;
  @ListOf(() => PermittingRole, {
    optional: true,
    description: 'The roles with the permission, for callers with `organization:manage`.',
  })
  roles?: PermittingRole[];
  @Nested(() => NamedById, {
    optional: true,
    description: 'The policy that decided, for callers with `organization:manage`.',
  })
  access_policy?: NamedById;
}

export class Evaluation {
  @Flag() decision: boolean;
  @Nested(() => EvaluationContext) context: EvaluationContext;
}

/** Of many evaluations, or, like an `Evaluation`, of a single one. */
export class EvaluationsResponse {
  @ListOf(() => Evaluation, { optional: true }) evaluations?: Evaluation[];
  @Flag({ optional: true }) decision?: boolean;
  @Nested(() => EvaluationContext, { optional: true }) context?: EvaluationContext;
}

export class AuthzenMetadata {
  @Text({ format: 'uri' }) policy_decision_point: string;
  @Text({ format: 'uri' }) access_evaluation_endpoint: string;
  @Text({ format: 'uri' }) access_evaluations_endpoint: string;
  @Text({ format: 'uri' }) search_subject_endpoint: string;
  @Text({ format: 'uri' }) search_resource_endpoint: string;
  @Text({ format: 'uri' }) search_action_endpoint: string;
}

class SearchPageRequest {
  @Text({ optional: true, description: 'The next_token of the page before.' }) token?: string;
  @Integer({ default: 20, minimum: 1, maximum: 100 }) limit: number;
}

class SearchedSubject {
  @OneOf(SUBJECT_TYPES, 'AuthzenSubjectType', OPEN) type: string;
}

export class SubjectSearchRequest {
  @Nested(() => SearchedSubject) subject: SearchedSubject;
  @Nested(() => AuthzenAction) action: AuthzenAction;
  @Nested(() => AuthzenResource) resource: AuthzenResource;
  @Mapping(CONTEXT) context?: Record<string, unknown>;
  @Nested(() => SearchPageRequest, { optional: true }) page?: SearchPageRequest;
}

class SearchedResource {
  @OneOf(['workspace'], 'SearchedResourceType', OPEN) type: string;
}

export class ResourceSearchRequest {
  @Nested(() => AuthzenSubject) subject: AuthzenSubject;
  @Nested(() => AuthzenAction) action: AuthzenAction;
  @Nested(() => SearchedResource) resource: SearchedResource;
  @Mapping(CONTEXT) context?: Record<string, unknown>;
  @Nested(() => SearchPageRequest, { optional: true }) page?: SearchPageRequest;
}

export class ActionSearchRequest {
  @Nested(() => AuthzenSubject) subject: AuthzenSubject;
  @Nested(() => AuthzenResource) resource: AuthzenResource;
  @Mapping(CONTEXT) context?: Record<string, unknown>;
  @Nested(() => SearchPageRequest, { optional: true }) page?: SearchPageRequest;
}

class SearchPageResponse {
  @Text({ description: 'Empty: this is the last page.' }) next_token: string;
  @Integer({ description: 'The number of results of this page.' }) count: number;
}

class FoundSubject {
  @OneOf(SUBJECT_TYPES, 'AuthzenSubjectType') type: (typeof SUBJECT_TYPES)[number];
  @Uuid() id: string;
}

class FoundResource {
  @OneOf(['workspace'], 'SearchedResourceType') type: 'workspace';
  @Uuid() id: string;
}

class FoundAction {
  @OneOf(PERMISSION_NAMES, 'authz_internal.Permission') name: PermissionName;
}

export class SubjectSearchResponse {
  @Nested(() => SearchPageResponse) page: SearchPageResponse;
  @ListOf(() => FoundSubject) results: FoundSubject[];
}

export class ResourceSearchResponse {
  @Nested(() => SearchPageResponse) page: SearchPageResponse;
  @ListOf(() => FoundResource) results: FoundResource[];
}

export class ActionSearchResponse {
  @Nested(() => SearchPageResponse) page: SearchPageResponse;
  @ListOf(() => FoundAction) results: FoundAction[];
}
