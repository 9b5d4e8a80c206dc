/** Fast checks that accept only valid values; class-validator judges the others and words the problem. */
export type ValueCheck = (value: unknown) => boolean;

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** No resource or user has it (RFC 9562, section 5.9); the database refuses it as a user id. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';
export const UUID_MESSAGE = 'Input should be a valid UUID';

// oxlint-disable-next-line no-control-regex -- the pattern excludes NUL
export const STORABLE = /^[^\u0000\p{Surrogate}]*$/u;
export const NUL_MESSAGE = 'String should hold neither NUL nor unpaired surrogates';

/** What names may not contain (docs/contract/http.md#names); the letters without a glyph are Hangul fillers. */
export const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;
export const INVISIBLE_MESSAGE = 'A name should hold no control or invisible characters';

/** What names of people may not contain: it reorders or breaks the text around them. Persian and Sinhala names need joiners. */
const MISLEADING = /[\p{Cc}\p{Surrogate}\p{Bidi_C}\p{Zl}\p{Zp}]/gu;
export const isPersonName: ValueCheck = (value) => typeof value === 'string' && value.search(MISLEADING) < 0;
export const PERSON_NAME_MESSAGE = 'The name of a person should hold no control or bidirectional characters';

/** A name that an identity provider sends is never refused (docs/contract/http.md#names). */
export const withoutMisleading = (name: string): string => name.replaceAll(MISLEADING, '');

export const isStorable: ValueCheck = (value) => typeof value === 'string' && STORABLE.test(value);
export const isStorableUpTo =
  (maxLength = Infinity): ValueCheck =>
  (value) =>
    isStorable(value) && (value as string).length <= maxLength;
export const isUuid: ValueCheck = (value) => typeof value === 'string' && UUID.test(value);
const FLAGS: Record<string, boolean> = { true: true, '1': true, false: false, '0': false };

/** A boolean of a query string; undefined for other text. */
export const flagOf = (text: string): boolean | undefined => FLAGS[text.toLowerCase()];

export const isFlag: ValueCheck = (value) => typeof value === 'boolean';

export const isInteger =
  (minimum: number, maximum: number): ValueCheck =>
  (value) =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;

export const isOneOf =
  (values: readonly unknown[]): ValueCheck =>
  (value) =>
    values.includes(value);

export const isListOf =
  (
    isPlain: ValueCheck,
    { minSize = 0, maxSize = Infinity }: { minSize?: number; maxSize?: number },
  ): ValueCheck =>
  (value) =>
    Array.isArray(value) && value.length >= minSize && value.length <= maxSize && value.every(isPlain);
