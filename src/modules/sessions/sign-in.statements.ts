/*
 * Parts of statements that have `o`, an organization. `session` is the alias of the session of the caller, whose columns are
 * null without one.
 */

/** What the organization requires of the sign-in, and what that was; null if it requires nothing. */
export const signInOf = (session: string) => `
  case when o.required_acr <> '{}' or o.required_amr <> '{}' or o.max_authentication_age is not null then
    json_build_object('requiredAcr', o.required_acr, 'requiredAmr', o.required_amr,
      'maxAuthenticationAge', o.max_authentication_age, 'acr', ${session}.acr, 'amr', ${session}.amr,
      'ageSeconds', extract(epoch from clock_timestamp() - ${session}.authenticated_at)) end`;

/** When the sign-in becomes too old for the organization; null if it never does. */
export const endOfSignIn = (session: string) =>
  `${session}.authenticated_at + make_interval(secs => o.max_authentication_age)`;
