import { DomainError, NotFound, Unauthenticated } from '../../../common/errors/domain-error.js';
import {
  detailAsText,
  type ErrorResponse,
  INTERNAL_ERROR,
  type PathErrorFormat,
} from '../../../common/errors/error-format.js';
import { domainErrorResponse, DO_NOT_RETRY } from '../../../common/errors/error.filter.js';
import { SCIM_JSON } from '../protocol/resource.js';
import { type ErrorEnvelope, errorEnvelope, ScimError, scimTypeOfCode } from '../protocol/scim.errors.js';
import { SCIM_ROOT } from './scim.guard.js';

/** The same response for an unknown, a deleted and another organization's resource. */
export class ScimResourceNotFound extends NotFound {
  readonly code = 'scim_resource_not_found';
  constructor(what = 'The resource does not exist.') {
    super(what);
  }
}

/** Error responses below `/scim/v2`, in the envelope of RFC 7644, section 3.12. */
export class ScimErrorFormat implements PathErrorFormat {
  appliesTo(path: string): boolean {
    return IS_SCIM.test(path);
  }

  toResponse(error: unknown): ErrorResponse | null {
    if (error instanceof Unauthenticated) return { ...domainErrorResponse(error), headers: CHALLENGE };
    if (!(error instanceof ScimError)) return null;
    const { status, message, code } = error;
    return { status, detail: message, code, headers: status === 409 ? DO_NOT_RETRY : {} };
  }

  /** RFC 7644 has no 422: a malformed request is 400. */
  serialize(response: ErrorResponse) {
    const isMalformed = response.status === 422;
    const status = isMalformed ? 400 : response.status;
    const scimType = isMalformed ? 'invalidSyntax' : scimTypeOfCode(response.code);
    const body = errorEnvelope(status, detailAsText(response), scimType);
    return { status, contentType: SCIM_JSON, body };
  }

  /** For an operation within a bulk request. An unexpected error becomes 500 without details of its cause. */
  describe(error: unknown): { status: number; body: ErrorEnvelope } {
    const expected =
      this.toResponse(error) ?? (error instanceof DomainError ? domainErrorResponse(error) : null);
    return this.serialize(expected ?? INTERNAL_ERROR);
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer realm="SCIM"' }; // RFC 6750, section 3

const IS_SCIM = new RegExp(`^/${SCIM_ROOT}(?:[/?]|$)`);
