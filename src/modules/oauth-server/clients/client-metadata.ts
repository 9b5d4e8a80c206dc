import type { Problem } from '../../../common/errors/domain-error.js';
import { redirectFlaw } from './redirect-address.js';

export const PAGES = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;
export type PageUrls = { readonly [Name in (typeof PAGES)[number]]?: string | null };

/** People open them, so that they lead to pages, and to the host that they show. */
const isPage = (address: string): boolean =>
  /^https?:\/\/[^/?#@\\\s]+(?:[/?#]\S*)?$/i.test(address) && URL.canParse(address);

/** What is wrong with what an application says of itself, named as in RFC 7591. */
export function metadataProblems(metadata: PageUrls & { redirect_uris?: readonly string[] }): Problem[] {
  const pages = PAGES.filter((name) => metadata[name] && !isPage(metadata[name]));
  const flaws = (metadata.redirect_uris ?? []).map(redirectFlaw);
  return [
    ...pages.map((name) => problem([name], 'Input should be a URL of http or https')),
    ...flaws.flatMap((flaw, index) => (flaw === null ? [] : [problem(['redirect_uris', index], flaw)])),
  ];
}

const problem = (loc: Problem['loc'], msg: string) => ({ loc: ['body', ...loc], msg, type: 'value_error' });
