/** A login at an identity provider. */
export type ExternalLogin = { readonly issuer: string; readonly subject: string };

/** What is stored of the provider's claims about a login (docs/contract/sign-in.md#stored-claims). */
export type StoredClaims = { readonly email: string | null; readonly username: string | null };
