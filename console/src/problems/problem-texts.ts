import { accessProblems } from './texts/access';
import { credentialProblems } from './texts/credentials';
import { organizationProblems } from './texts/organizations';
import { passwordProblems } from './texts/passwords';
import { peopleProblems } from './texts/people';
import type { ProblemTexts } from './texts/by-code';
import { requestProblems } from './texts/requests';

export const problemTexts: ProblemTexts = {
  ...requestProblems,
  ...passwordProblems,
  ...peopleProblems,
  ...accessProblems,
  ...credentialProblems,
  ...organizationProblems,
};
