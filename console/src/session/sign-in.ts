import { apiIn, dataOf } from '../api/client';

export type Credentials = { readonly email: string; readonly password: string };

/** The response sets the session cookie, which scripts cannot read. */
export const signIn = (credentials: Credentials) =>
  dataOf(
    apiIn({}).POST('/api/v1/login', {
      params: { header: { 'X-Session-Cookie': 'true' } },
      headers: { Authorization: `Basic ${basicCredentials(credentials)}` },
    }),
  );

/** RFC 7617 with UTF-8. */
const basicCredentials = ({ email, password }: Credentials) =>
  btoa(String.fromCodePoint(...new TextEncoder().encode(`${email}:${password}`)));
