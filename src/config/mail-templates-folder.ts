import { InvalidMailTemplates } from '../common/mail/texts/mail-templates.errors.js';
import {
  loadMailTemplates,
  type MailTemplates,
  SHIPPED_TEMPLATES,
} from '../common/mail/texts/mail-templates.js';
import { type EnvironmentProblem, InvalidVariable } from './environment.errors.js';
import type { VariableReader } from './variable-readers.js';

type MailSettings = { MAIL_TEMPLATES_DIR: MailTemplates | null; MAIL_LANGUAGE: string };

/** The templates in a folder, which have been checked. */
export const mailTemplates: VariableReader<MailTemplates> = (folder) => {
  try {
    return loadMailTemplates(folder);
  } catch (error) {
    if (error instanceof InvalidMailTemplates)
      throw new InvalidVariable(`has templates that cannot be used: ${error.message}`, { cause: error });
    throw error;
  }
};

/** Those of the operator, or the shipped ones. */
export const templatesOf = ({ MAIL_TEMPLATES_DIR: own }: MailSettings): MailTemplates =>
  own ?? loadMailTemplates(SHIPPED_TEMPLATES);

export function mailLanguageProblems(environment: MailSettings): EnvironmentProblem[] {
  const languages = Object.keys(templatesOf(environment).languages);
  if (languages.includes(environment.MAIL_LANGUAGE)) return [];
  return [
    {
      variables: ['MAIL_LANGUAGE'],
      message: `must be a language that has templates: ${languages.join(', ')}`,
    },
  ];
}
