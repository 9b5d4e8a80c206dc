import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { Outbound } from '../../../common/outbound/outbound.js';

type ReceiverBody = { readonly url?: string; readonly headers?: Readonly<Record<string, unknown>> };

/** Checks the address of a receiver (docs/security.md#requests-to-addresses-of-organizations), and the headers for it. */
@Injectable()
export class ReceiverBodyPipe<Body extends ReceiverBody> implements PipeTransform<Body, Body> {
  constructor(private readonly outbound: Outbound) {}

  /** @throws ValidationFailed */
  transform(body: Body): Body {
    const flaw = body.url === undefined ? null : this.outbound.flawOf(body.url);
    const problems = [
      ...(flaw ? [{ loc: ['body', 'url'], ...flaw }] : []),
      ...headerProblems(body.headers ?? {}),
    ];
    if (problems.length > 0) throw new ValidationFailed(problems);
    return body;
  }
}

/** By lower-cased name. Those of HTTP itself, of the body, and of this server. */
const RESERVED =
  /^(?:connection|cookie|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$|^(?:content|proxy|tenantry|webhook)-/;

const MOST_HEADERS = 5;
const LONGEST_VALUE = 4096;
/** A token of RFC 9110, section 5.6.2. */
const NAME = /^[!#$%&'*+.^`|~\w-]{1,100}$/;
const VALUE = /^[\x20-\x7e]+$/;

/** Why the headers of a log stream are not accepted, one for each header. */
function headerProblems(headers: Readonly<Record<string, unknown>>): Problem[] {
  const names = Object.keys(headers);
  if (names.length > MOST_HEADERS) return [problem([], `There should be at most ${MOST_HEADERS} headers`)];
  const lowerCased = names.map((name) => name.toLowerCase());
  return names.flatMap((name, index) => {
    const flaw =
      lowerCased.indexOf(name.toLowerCase()) < index
        ? 'Header names should be different, in whichever case'
        : (nameFlaw(name.toLowerCase()) ?? valueFlaw(headers[name]));
    return flaw === null ? [] : [problem([name], flaw)];
  });
}

function nameFlaw(name: string): string | null {
  if (!NAME.test(name)) return 'Input should be the name of a request header';
  return RESERVED.test(name) ? 'This header cannot be chosen' : null;
}

function valueFlaw(value: unknown): string | null {
  if (typeof value !== 'string') return 'Input should be a valid string';
  if (value.length > LONGEST_VALUE) return `String should have at most ${LONGEST_VALUE} characters`;
  if (!VALUE.test(value) || value !== value.trim())
    return 'Input should be visible ASCII characters, with spaces only in between';
  return null;
}

const problem = (path: string[], msg: string): Problem => ({
  loc: ['body', 'headers', ...path],
  msg,
  type: 'value_error',
});
