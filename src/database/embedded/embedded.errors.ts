/** PostgreSQL runs, but this process cannot use it; a retry would not help. The message is for the operator. */
export class UnusableServer extends Error {
  readonly code = 'unusable_embedded_server';
}
