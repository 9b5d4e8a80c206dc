import { networkScope } from '../../../common/http/network-scope.js';

export type MetadataUrlRules = { readonly allowPrivateMetadataUrls: boolean };

/** Parsers disagree about backslashes, and `URL` drops tabs and line breaks. */
const READ_ALIKE_BY_ALL = /^[^\s\\\p{C}]+$/u;

const NO_URL = { msg: 'Input should be a valid URL', type: 'url_parsing' };
const NO_HTTPS = { msg: "URL scheme should be 'https'", type: 'url_scheme' };
const CREDENTIALS = { msg: 'URL should hold no user name and password', type: 'value_error' };
const LOCAL = { msg: 'URL should not lead to this machine or its link', type: 'value_error' };
const PRIVATE = {
  msg:
    'URL should not lead to a private network; ' +
    'the operator of this installation can allow that: SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS',
  type: 'value_error',
};

/**
 * Why a URL is not accepted as that of a provider's metadata; null if it is. This server does not fetch it: what does
 * has to check the address that the host name resolves to.
 */
export function metadataUrlFlaw(text: string, rules: MetadataUrlRules): { msg: string; type: string } | null {
  const url = READ_ALIKE_BY_ALL.test(text) ? URL.parse(text) : null;
  if (!url) return NO_URL;
  if (!/^https:\/\//i.test(text)) return NO_HTTPS;
  if (url.username || url.password) return CREDENTIALS;
  const scope = networkScope(url);
  if (scope === 'local') return LOCAL;
  return scope === 'private' && !rules.allowPrivateMetadataUrls ? PRIVATE : null;
}
