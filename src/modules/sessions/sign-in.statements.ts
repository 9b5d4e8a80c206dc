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

type Requirement = { readonly acr: string; readonly amr: string; readonly age: string };

/** Whether a session or token `row` of the sign-in method `method` had at the time `at` what is required, as `unmetInOrg` says. */
export const meetsRequirement = (
  row: string,
  { method, at }: { method: string; at: string },
  { acr, amr, age }: Requirement,
) => `
  coalesce(${row}.${method} = 'break-glass'
    or ((cardinality(${acr}) = 0 or ${row}.acr = any(${acr})) and coalesce(${row}.amr, '{}') @> ${amr}
      and (${age} is null or ${at} - ${row}.authenticated_at between interval '-60 s' and make_interval(secs => ${age}))), false)`;
