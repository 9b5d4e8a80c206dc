import type { HelpTopic } from '../../page/help';
import type { Language } from '../../texts/texts';

type ProblemText = Readonly<Record<Language, string>> & {
  /** The message of the server names what the text leaves out: people, a limit, permissions, a setting. */
  readonly saysMore?: boolean;
  /** Explains the remedy. */
  readonly help?: HelpTopic;
};

/** By error code (docs/errors.md). People without an admin's rank read them: no names of permissions, settings or variables. */
export type ProblemTexts = Readonly<Record<string, ProblemText>>;
