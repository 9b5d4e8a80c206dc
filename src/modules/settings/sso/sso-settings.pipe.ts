import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { networkScope } from '../../../common/http/network-addresses.js';
import { check } from '../../../common/http/operations/validation.pipe.js';
import { isStorable, NUL_MESSAGE } from '../../../common/http/operations/value-checks.js';
import { Config } from '../../../config/config.js';
import { type SSOSettingsUpdate, SupabaseAttributeMappingKey } from '../../../contract/sso-settings.js';

/** Checks of the bodies of SSO settings that the published types do not express. */
@Injectable()
export class SsoSettingsPipe<Body extends SSOSettingsUpdate> implements PipeTransform<Body, Body> {
  constructor(private readonly config: Config) {}

  transform(body: Body): Body {
    const problems = [
      ...emptyProblems(body),
      ...metadataProblems(body, this.config.ssoSettings),
      ...attributeProblems(body),
    ];
    if (problems.length > 0) throw new ValidationFailed(problems);
    return body;
  }
}

function emptyProblems(body: SSOSettingsUpdate): Problem[] {
  const problems: Problem[] = [];
  if (body.default_workspace_ids?.length === 0)
    problems.push(problem(['default_workspace_ids'], 'List should have at least 1 item', 'too_short'));
  if (body.sso_groups_claim_field?.trim() === '')
    problems.push(
      problem(['sso_groups_claim_field'], 'String should have at least 1 character', 'string_too_short'),
    );
  return problems;
}

function metadataProblems(
  { metadata_url: url, metadata_xml: xml }: SSOSettingsUpdate,
  rules: MetadataUrlRules,
): Problem[] {
  if (url && xml)
    return [problem(['metadata_xml'], 'Send metadata_url or metadata_xml, not both', 'value_error')];
  const flaw = typeof url === 'string' ? metadataUrlFlaw(url, rules) : null;
  return flaw ? [problem(['metadata_url'], flaw.msg, flaw.type)] : [];
}

function attributeProblems({ attribute_mapping: mapping }: SSOSettingsUpdate): Problem[] {
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(mapping?.keys ?? {})) {
    const path = ['attribute_mapping', 'keys', key];
    check(SupabaseAttributeMappingKey, value, ['body', ...path], problems);
    if (!isStorable(key)) problems.push(problem(path, NUL_MESSAGE, 'string_pattern_mismatch'));
  }
  return problems;
}

const problem = (path: string[], msg: string, type: string): Problem => ({
  loc: ['body', ...path],
  msg,
  type,
});

type MetadataUrlRules = { readonly allowPrivateMetadataUrls: boolean };

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
function metadataUrlFlaw(text: string, rules: MetadataUrlRules): { msg: string; type: string } | null {
  const url = UNAMBIGUOUS.test(text) ? URL.parse(text) : null;
  if (!url) return INVALID_URL;
  if (!/^https:\/\//i.test(text)) return NOT_HTTPS;
  if (url.username || url.password) return CREDENTIALS;
  const scope = networkScope(url);
  if (scope === 'local') return LOCAL;
  return scope === 'private' && !rules.allowPrivateMetadataUrls ? PRIVATE : null;
}
