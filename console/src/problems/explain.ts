import type { ApiError, RequestProblem } from '@tenantry/client';
import { problemTexts } from './problem-texts';
import { type ValueTexts, valueTexts } from './texts/values';
import type { HelpTopic } from '../page/help';
import type { Language } from '../texts/texts';

/** `detail`: what the server says beyond the text, in its words; empty if that is nothing. `help`: what explains the remedy. */
export type Explanation = {
  readonly text: string;
  readonly detail: string;
  readonly help?: HelpTopic | undefined;
};

/** What an error response means; `unknown` is the text for a code without one. */
export function explain(error: ApiError, language: Language, unknown: string): Explanation {
  const known = problemTexts[error.code];
  const texts = valueTexts[language];
  const lines = error.problems
    .filter(({ type }) => type !== 'forbidden')
    .map((problem) => lineOf(problem, texts, nameOf(problem, texts)));
  const message = !error.code || (known && !known.saysMore) ? '' : error.message;
  return {
    text: linesOf([known?.[language] ?? unknown, ...lines]),
    detail: error.problems.length > 0 ? detailOf(error.problems) : message,
    help: known?.help,
  };
}

/** Why a row of a list was refused: `error.problems` are those of the row. */
export function explainRow({ code, problems }: ApiError, language: Language): Explanation {
  const texts = valueTexts[language];
  const ofCode = code === 'invites_forbidden' ? undefined : problemTexts[code]?.[language];
  const lines = problems.map((problem) => {
    if (problem.type === 'forbidden' && ofCode) return ofCode;
    const field = fieldOf(problem);
    return lineOf(problem, texts, field === 'email' ? '' : nameOf(problem, texts));
  });
  return { text: linesOf(lines), detail: detailOf(problems) };
}

const NAMES = /[a-z]:[a-z]|[a-z]_[a-z]|[A-Z]_[A-Z]/;

/** What readers without an admin's rank may read of a detail: no names of permissions, settings or variables. */
export function withoutNames(detail: string): string {
  const text = detail.replaceAll(/ \([^()]+\)/g, (list) => (NAMES.test(list) ? '' : list));
  return NAMES.test(text) ? '' : text;
}

const detailOf = (problems: readonly RequestProblem[]): string =>
  linesOf(problems.filter((problem) => !isTranslated(problem)).map(({ msg = '' }) => msg));

/** Without repetitions. */
const linesOf = (lines: readonly string[]): string => [...new Set(lines)].join('\n');

/** The last name in the location, as in `['body', 2, 'email']`. */
const fieldOf = ({ loc = [] }: RequestProblem): string =>
  loc.findLast((part): part is string => typeof part === 'string') ?? '';

function nameOf(problem: RequestProblem, { fields }: ValueTexts): string {
  const field = fieldOf(problem);
  if (problem.loc?.at(-2) === 'headers') return `${fields.headers}, ${field}`;
  return (fields as Record<string, string>)[field] ?? '';
}

function lineOf(problem: RequestProblem, texts: ValueTexts, name: string): string {
  const what = whatIsWrong(problem, texts);
  return name ? `${name}: ${what}` : what.charAt(0).toUpperCase() + what.slice(1);
}

function whatIsWrong(problem: RequestProblem, texts: ValueTexts): string {
  const field = fieldOf(problem);
  const { type = '' } = problem;
  if (type === 'forbidden' && field === 'email') return texts.personForbidden;
  if (type === 'forbidden' && field.endsWith('role_id')) return texts.roleForbidden;
  if (isTranslated(problem) || type === 'forbidden')
    return texts.types[type as keyof ValueTexts['types']](valueIn(problem));
  return field === 'email' ? texts.invalidEmail : (addressFlaw(problem, texts) ?? texts.invalid);
}

/** Why this server does not request an address, by the words of the message. */
const addressFlaw = ({ msg = '' }: RequestProblem, { addresses }: ValueTexts): string | undefined =>
  Object.entries(addresses).find(([words]) => msg.startsWith('URL ') && msg.includes(words))?.[1];

/** The limit, or the characters that are allowed beside letters, digits and spaces. */
const valueIn = ({ msg = '' }: RequestProblem): string =>
  msg.split('only letters, digits, spaces and ')[1] ?? /\d+/.exec(msg)?.[0] ?? '';

/** Whether the text for the type of the problem says all that its message says. */
const isTranslated = ({ type = '' }: RequestProblem): boolean =>
  type !== 'forbidden' && type in valueTexts.en.types;
