/** The caller in the statement that recognizes them, which has the session, key or grant `c` and the organization `o`. */
export type CallerSql = {
  readonly kind: 'session' | 'personal-access-token' | 'application' | 'service-key';
  /** SQL of the organization that the request names, null if it names none. */
  readonly orgId: string;
  /** SQL of the workspaces of a service key, null for all of the organization. */
  readonly keyWorkspaceIds: string;
};

/** What was read with the caller. It is shared between requests while it is cached, so it must not be modified. */
export type LoadedWithCaller = {
  readonly value: unknown;
  /** Organizations of which it tells, besides that of the request. */
  readonly orgIds: readonly string[];
  /** When it is no longer true although nothing changes; in seconds since the Unix epoch, by the database's clock. */
  readonly endsAt: number | null;
};

/**
 * What a route reads with the statement that recognizes its caller (docs/decisions/0125). It is cached with the caller, so
 * it follows only from the caller and from columns whose changes are in the log of access changes.
 */
export type CallerRead<Value = unknown> = {
  /** A part of the names of statements. */
  readonly name: string;
  /** SQL of `LoadedWithCaller` as JSON, or of null if the value has to be read in another way. */
  readonly sql: (caller: CallerSql) => string;
  readonly parse: (json: unknown) => Value;
};

/** By what was read with the caller, and by who composes. */
const bodies = new WeakMap<object, Map<unknown, object>>();
/** Of these bodies; empty until one is sent. */
const texts = new WeakMap<object, string>();

/**
 * What `compose` makes of `loaded`, once for all requests that share it, so that it must not be modified and follows from
 * nothing else of a request but the caller and the context, with which `loaded` is cached.
 *
 * @param composer tells the bodies of one value apart
 */
export function composedOnce<Body extends object>(
  loaded: object,
  composer: unknown,
  compose: () => Body,
): Body {
  const known = bodies.get(loaded);
  const shared = known?.get(composer);
  if (shared) return shared as Body;
  const body = compose();
  bodies.set(loaded, (known ?? new Map<unknown, object>()).set(composer, body));
  texts.set(body, '');
  return body;
}

/** The serializer of responses. The text of a body that is composed once is made once, too: it takes longer than to recognize a caller. */
export function serialize(body: unknown): string {
  const known = texts.get(body as object);
  if (known) return known;
  const text = JSON.stringify(body);
  if (known === '') texts.set(body as object, text);
  return text;
}
