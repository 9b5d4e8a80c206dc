/** The `scimType` keywords of RFC 7644, table 9, with their HTTP status. */
const STATUS_OF_TYPE = {
  invalidFilter: 400,
  tooMany: 400,
  uniqueness: 409,
  mutability: 400,
  invalidSyntax: 400,
  invalidPath: 400,
  noTarget: 400,
  invalidValue: 400,
  invalidVers: 400,
  sensitive: 403,
} as const;

export type ScimType = keyof typeof STATUS_OF_TYPE;

export const isScimType = (code: string | undefined): code is ScimType =>
  code !== undefined && Object.hasOwn(STATUS_OF_TYPE, code);

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A protocol error. The message addresses the administrator who reads the provider's provisioning log. */
export class ScimError extends Error {
  readonly status: number;

  constructor(
    readonly scimType: ScimType | null,
    message: string,
    status?: number,
  ) {
    super(message);
    this.name = new.target.name;
    this.status = status ?? (scimType ? STATUS_OF_TYPE[scimType] : 400);
  }
}

/** `If-Match` names another version (RFC 7644, section 3.14). */
export class VersionMismatch extends ScimError {
  constructor() {
    super(null, 'The resource has changed: its version differs from If-Match.', 412);
  }
}

export class NotSupported extends ScimError {
  constructor(feature: string) {
    super(null, feature, 501);
  }
}

export type ErrorEnvelope = { schemas: string[]; status: string; scimType?: ScimType; detail: string };

/** RFC 7644, section 3.12; `status` is a string there. */
export const errorEnvelope = (
  status: number,
  detail: string,
  scimType: ScimType | null = null,
): ErrorEnvelope => ({
  schemas: [ERROR_SCHEMA],
  status: String(status),
  ...(scimType ? { scimType } : {}),
  detail,
});
