import { DomainError, Unauthenticated } from '../../common/errors/domain-error.js';
import { type ErrorResponse, type ErrorFormat, detailAsText } from '../../common/errors/error-format.js';
import { domainErrorResponse, DO_NOT_RETRY } from '../../common/errors/error.filter.js';
import {
  type ErrorEnvelope,
  errorEnvelope,
  isScimType,
  ScimError,
  type ScimType,
} from './protocol/scim.errors.js';
import { SCIM_JSON, SCIM_ROOT } from './scim-root.js';

/** Errors in the envelope of RFC 7644, section 3.12, for whatever goes wrong below `/scim/v2`. */
export class ScimErrorFormat implements ErrorFormat {
  appliesTo(path: string): boolean {
    return IS_SCIM.test(path);
  }

  toResponse(error: unknown): ErrorResponse | null {
    if (error instanceof Unauthenticated) return { ...domainErrorResponse(error), headers: CHALLENGE };
    if (!(error instanceof ScimError)) return null;
    const { status, message, scimType } = error;
    return {
      status,
      detail: message,
      ...(scimType ? { code: scimType } : {}),
      headers: status === 409 ? DO_NOT_RETRY : {},
    };
  }

  /** RFC 7644 knows no 422: what is malformed is 400. */
  serialize(response: ErrorResponse) {
    const status = response.status === 422 ? 400 : response.status;
    const body = errorEnvelope(status, detailAsText(response), scimTypeOf(response));
    return { status, contentType: SCIM_JSON, body };
  }

  /** Outside of a request of its own: an operation of a bulk. What is not expected is 500, without a word of it. */
  describe(error: unknown): { status: number; body: ErrorEnvelope } {
    const expected =
      this.toResponse(error) ?? (error instanceof DomainError ? domainErrorResponse(error) : null);
    return this.serialize(expected ?? { status: 500, detail: 'Internal Server Error' });
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer realm="SCIM"' }; // RFC 6750, section 3

const IS_SCIM = new RegExp(`^/${SCIM_ROOT}(?:[/?]|$)`);

/** The detail keyword; codes of our other errors are none, but what could not be read has one. */
function scimTypeOf({ status, code }: ErrorResponse): ScimType | null {
  if (status === 422) return 'invalidSyntax';
  return isScimType(code) ? code : null;
}
