import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Problem } from '../../common/errors/domain-error.js';
import { MailTexts } from '../../common/mail/mail-texts.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { Config } from '../../config/config.js';
import type { OrganizationUpdate } from '../../contract/organizations.js';
import { allowlistProblems, contactProblems, requirementProblems } from '../orgs/index.js';

const DAYS = ['max_api_key_expiry_days', 'max_pat_expiry_days', 'max_service_key_expiry_days'] as const;

@Injectable()
export class OrganizationUpdatePipe implements PipeTransform<OrganizationUpdate, OrganizationUpdate> {
  constructor(
    private readonly config: Config,
    private readonly mailTexts: MailTexts,
  ) {}

  transform(body: OrganizationUpdate): OrganizationUpdate {
    const problems = [
      ...dayLimitProblems(body),
      // A letter as separator would split ordinary names, for example "Former Organization Admins" at its r.
      ...choiceProblems(body, 'scim_group_name_separator', [...this.config.groupNameSeparators]),
      ...contactProblems(body.security_contact),
      ...allowlistProblems(body.ip_allowlist),
      ...requirementProblems(body),
      ...choiceProblems(body, 'mail_language', this.mailTexts.languages),
    ];
    if (problems.length > 0) throw new ValidationFailed(problems);
    return body;
  }
}

const dayLimitProblems = (body: OrganizationUpdate): Problem[] =>
  DAYS.filter((name) => (body[name] ?? 1) < 1).map((name) => ({
    loc: ['body', name],
    msg: 'Input should be greater than or equal to 1',
    type: 'greater_than_equal',
  }));

function choiceProblems(
  body: OrganizationUpdate,
  field: 'scim_group_name_separator' | 'mail_language',
  allowed: readonly string[],
): Problem[] {
  const value = body[field] ?? null;
  if (value === null || allowed.includes(value)) return [];
  const msg = `Input should be one of ${allowed.map((one) => `'${one}'`).join(', ')}`;
  return [{ loc: ['body', field], msg, type: 'enum' }];
}
