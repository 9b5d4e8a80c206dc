import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { scopeOf } from '../../../common/http/network-scope.js';
import { check } from '../../../common/http/operations/validation.pipe.js';
import { isStorable, NUL_MESSAGE } from '../../../common/http/operations/value-checks.js';
import { type Exceptions, urlFlaw } from '../../../common/outbound/address-rules.js';
import { Config } from '../../../config/config.js';
import {
  type SSOSettingsUpdate,
  SupabaseAttributeMappingKey,
} from '../../../contract/identity-provider/sso-settings.js';

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
  rules: Config['ssoSettings'],
): Problem[] {
  if (url && xml)
    return [problem(['metadata_xml'], 'Send metadata_url or metadata_xml, not both', 'value_error')];
  const flaw = typeof url === 'string' ? urlFlaw(url, metadataUrlExceptions(rules)) : null;
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

/** This server does not request the address; a client that does has to check where its name leads. */
const metadataUrlExceptions = ({ allowPrivateMetadataUrls }: Config['ssoSettings']): Exceptions => ({
  isFor: (address) => allowPrivateMetadataUrls && scopeOf(address) === 'private',
  withoutTls: false,
  setting: 'SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS',
});
