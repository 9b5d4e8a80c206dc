/** The `scimType` keywords of RFC 7644, table 9, and RFC 9865, section 2.1, that this server sends, with their HTTP status. */
export const STATUS_OF_TYPE = {
  invalidFilter: 400,
  tooMany: 400,
  uniqueness: 409,
  mutability: 400,
  invalidSyntax: 400,
  invalidPath: 400,
  noTarget: 400,
  invalidValue: 400,
  invalidCursor: 400,
  invalidCount: 400,
} as const;

export type ScimType = keyof typeof STATUS_OF_TYPE;

/** Our error code for a keyword: `scim_invalid_filter` for `invalidFilter`. */
export const errorCodeOf = (scimType: ScimType) =>
  `scim_${scimType.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

const TYPE_OF_CODE = new Map(
  (Object.keys(STATUS_OF_TYPE) as ScimType[]).map((scimType) => [errorCodeOf(scimType), scimType]),
);

/** Null for codes of this product, for which no keyword exists. */
export const scimTypeOfCode = (code: string): ScimType | null => TYPE_OF_CODE.get(code) ?? null;

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A protocol error. The message addresses the administrator who reads the provider's provisioning log. */
export class ScimError extends Error {
  readonly status: number;
  readonly code: string;
  /** Those of the resource whose values are refused: one of them could stay as it was instead. */
  readonly attributes: readonly string[];

  /** An error without a keyword has a status and a code of its own. */
  constructor(
    readonly scimType: ScimType | null,
    message: string,
    own: { status?: number; code?: string; attributes?: readonly string[] } = {},
  ) {
    super(message);
    this.name = new.target.name;
    const type = scimType ?? 'invalidSyntax';
    this.status = own.status ?? STATUS_OF_TYPE[type];
    this.code = own.code ?? errorCodeOf(type);
    this.attributes = own.attributes ?? [];
  }
}

/** `If-Match` names another version (RFC 7644, section 3.14). */
export class VersionMismatch extends ScimError {
  constructor() {
    super(null, 'The resource has changed: its version differs from If-Match.', {
      status: 412,
      code: 'scim_version_mismatch',
    });
  }
}

export class NotSupported extends ScimError {
  constructor(feature: string) {
    super(null, feature, { status: 501, code: 'scim_not_supported' });
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
