import { ApiError, NotAuthenticated, RateLimited, Unavailable } from '@tenantry/client';
import { ClientError, ResponseBodyError } from 'openid-client';
import { safe } from './terminal.js';

/** What the command returns to the shell: docs in the README. */
export const EXIT = { failed: 1, usage: 2, notLoggedIn: 3, unavailable: 4 } as const;

/** A sentence for the user, and the exit code. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }
}

/** Any error as a sentence for the user. Never contains the credential: no message of the server or of Node does. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof NotAuthenticated)
    return new Failure(
      process.env['TENANTRY_API_KEY']
        ? 'The server does not accept the key in TENANTRY_API_KEY.'
        : 'The server does not accept the login: log in again.',
      EXIT.notLoggedIn,
    );
  if (error instanceof RateLimited) {
    const when = error.retryAfterSeconds === null ? '' : `. Try again in ${error.retryAfterSeconds} s.`;
    return new Failure(
      `The server gets too many requests: ${safe(error.message).replace(/\.$/, '')}${when}`,
      EXIT.unavailable,
    );
  }
  if (error instanceof Unavailable)
    return new Failure(`The server cannot answer at the moment: ${safe(error.message)}`, EXIT.unavailable);
  if (error instanceof ApiError && error.consolePage)
    return new Failure(`Only a person does this, in the console: ${safe(error.consolePage)}`);
  if (error instanceof ApiError) return new Failure(`The server refused: ${safe(error.message)}`);
  if (error instanceof ResponseBodyError)
    return new Failure(
      `The server refused: ${safe(error.error_description ?? error.error)}`,
      error.status === 429 ? EXIT.unavailable : EXIT.failed,
    );
  if (error instanceof ClientError) {
    const why = error.cause instanceof Response ? `HTTP ${error.cause.status}` : error.message;
    return new Failure(`The server cannot answer at the moment: ${why}`, EXIT.unavailable);
  }
  if (error instanceof TypeError && error.cause instanceof Error)
    return new Failure(`The server cannot be reached: ${safe(error.cause.message)}`, EXIT.unavailable);
  if (error instanceof SyntaxError)
    return new Failure(
      'What answers at this address is not a Tenantry server: check the address.',
      EXIT.unavailable,
    );
  return new Failure(safe(error instanceof Error ? error.message : String(error)));
}
