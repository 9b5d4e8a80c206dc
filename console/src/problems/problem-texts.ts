import type { Language } from '../texts/texts';
import { accessProblems } from './texts/access';
import { credentialProblems } from './texts/credentials';
import { organizationProblems } from './texts/organizations';
import { passwordProblems } from './texts/passwords';
import { peopleProblems } from './texts/people';
import { requestProblems } from './texts/requests';

type ProblemText = Readonly<Record<Language, string>> & {
  /** The message of the server names what the text leaves out: people, a limit, permissions, a setting. */
  readonly saysMore?: boolean;
};

/** By error code (docs/errors.md). People without an admin's rank read them: no names of permissions, settings or variables. */
export type ProblemTexts = Readonly<Record<string, ProblemText>>;

export const problemTexts: ProblemTexts = {
  ...requestProblems,
  ...passwordProblems,
  ...peopleProblems,
  ...accessProblems,
  ...credentialProblems,
  ...organizationProblems,
};
