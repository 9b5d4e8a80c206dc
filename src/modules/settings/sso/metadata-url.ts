import { networkScope } from '../../../common/http/network-scope.js';

export type MetadataUrlRules = { readonly allowPrivateMetadataUrls: boolean };

/** Excludes what URL parsers treat differently: backslashes, and the tabs and line breaks that `URL` removes. */
const UNAMBIGUOUS = /^[^\s\\\p{C}]+$/u;

const INVALID_URL = { msg: 'Input should be a valid URL', type: 'url_parsing' };
const NOT_HTTPS = { msg: "URL scheme should be 'https'", type: 'url_scheme' };
const CREDENTIALS = { msg: 'URL should not contain a user name or password', type: 'value_error' };
const LOCAL = { msg: 'URL should not point to a loopback or link-local address', type: 'value_error' };
const PRIVATE = {
  msg:
    'URL should not point to a private network; ' +
    'the operator of this installation can allow that: SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS',
  type: 'value_error',
};

/**
 * Why a metadata URL is not accepted; null if it is. This server does not fetch it; a client that does has to check the
 * resolved IP address itself.
 */
export function metadataUrlFlaw(text: string, rules: MetadataUrlRules): { msg: string; type: string } | null {
  const url = UNAMBIGUOUS.test(text) ? URL.parse(text) : null;
  if (!url) return INVALID_URL;
  if (!/^https:\/\//i.test(text)) return NOT_HTTPS;
  if (url.username || url.password) return CREDENTIALS;
  const scope = networkScope(url);
  if (scope === 'local') return LOCAL;
  return scope === 'private' && !rules.allowPrivateMetadataUrls ? PRIVATE : null;
}
