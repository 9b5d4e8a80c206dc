import { DomainError, NotFound, Unauthenticated } from '../../../common/errors/domain-error.js';
import {
  detailAsText,
  type ErrorResponse,
  INTERNAL_ERROR,
  type PathErrorFormat,
} from '../../../common/errors/error-format.js';
import { domainErrorResponse, DO_NOT_RETRY } from '../../../common/errors/error.filter.js';
import { SCIM_JSON } from '../protocol/resource.js';
import { errorEnvelope, ScimError, scimTypeOfCode } from '../protocol/scim.errors.js';
import { SCIM_ROOT } from './scim.guard.js';

/** The same response for an unknown, a deleted and another organization's resource. */
export class ScimResourceNotFound extends NotFound {
  constructor(what = 'The resource does not exist.') {
    super(what);
  }
}

/** @throws ScimResourceNotFound */
export function existing<Row>(row: Row | null | undefined): Row {
  if (!row) throw new ScimResourceNotFound();
  return row;
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
    const status = isMalformed(response) ? 400 : response.status;
    const body = errorEnvelope(status, detailAsText(response), scimTypeOf(response));
    return { status, contentType: SCIM_JSON, body };
  }

  auditDetails(response: ErrorResponse): Readonly<Record<string, string>> {
    const scimType = scimTypeOf(response);
    return { code: response.code, ...(scimType ? { scimType } : {}) };
  }

  /** For an operation within a bulk request. An unexpected error becomes 500 without details of its cause. */
  describe(error: unknown) {
    const expected =
      this.toResponse(error) ?? (error instanceof DomainError ? domainErrorResponse(error) : null);
    const response = expected ?? INTERNAL_ERROR;
    return { ...this.serialize(response), details: this.auditDetails(response) };
  }
}

const isMalformed = ({ status }: ErrorResponse): boolean => status === 422;

const scimTypeOf = (response: ErrorResponse) =>
  isMalformed(response) ? 'invalidSyntax' : scimTypeOfCode(response.code);

const CHALLENGE = { 'www-authenticate': 'Bearer realm="SCIM"' }; // RFC 6750, section 3

const IS_SCIM = new RegExp(`^/${SCIM_ROOT}(?:[/?]|$)`);
