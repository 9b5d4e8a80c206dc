import { InvalidProtocolRequest } from '../core/errors.js';

export type Parameters = Readonly<Record<string, string | string[] | undefined>>;

/** The parameters of a form or a multipart form. @throws InvalidProtocolRequest for another body */
export function formOf(body: unknown): Parameters {
  const isForm = typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === null;
  if (!isForm)
    throw new InvalidProtocolRequest('The body must be a form: application/x-www-form-urlencoded.');
  return body as Parameters;
}

/** Null if it is absent or empty (RFC 6749, section 3.1). @throws InvalidProtocolRequest if it is given twice */
export function optional(parameters: Parameters, name: string): string | null {
  const value = parameters[name];
  if (Array.isArray(value)) throw new InvalidProtocolRequest(`${name} is given more than once.`);
  return value || null;
}

/** @throws InvalidProtocolRequest */
export function requiredParameter(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value === null) throw new InvalidProtocolRequest(`${name} is missing.`);
  return value;
}

/** All parameters, repeated ones as often as they were given. */
export const toSearchParams = (parameters: Parameters): URLSearchParams =>
  new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value = []]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    ),
  );
