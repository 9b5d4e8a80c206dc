import { usePageTexts } from '../texts/texts';
import { operationTexts } from './operation-texts';
import { markedName, MOST_NAMED, ownerOf, type People, type Person, targetIdsOf } from './targets';
import { auditTexts } from './texts';
import type { Entry } from './targets';

/** An operation in the language of the reader; one without a text in words of its name. */
export function useOperationName(): (operation: string) => string {
  const operations = usePageTexts(operationTexts);
  return (operation) => operations[operation] ?? inWords(operation);
}

const inWords = (operation: string) => {
  const words = operation.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The names of what is there today, and of people who have left, by the ids in entries. */
export type Naming = {
  readonly people: People;
  readonly nameOf: (id: string) => string | undefined;
  /** What the entries were asked for, if anything: it is named first. */
  readonly wanted: readonly string[] | null;
};

/** Who did it: deleted keys are no longer named. */
export function useWho({ people, nameOf }: Naming): (entry: Entry) => string {
  const texts = usePageTexts(auditTexts);
  return ({ actor: { user } }) => {
    const person = people.get(user.uid ?? '');
    if (user.uid) return person ? markedName(person, texts.left) : texts.formerMember;
    if (!user.credential_uid) return texts.theServer;
    return nameOf(user.credential_uid) ?? texts.aKey;
  };
}

const MOST_SHOWN = 2;

/**
 * Whom or what the entries of a burst concern: names, or the id of what is deleted. Empty if it is the actor, a token of theirs,
 * or what there is once only, such as the settings of single sign-on.
 */
export function useTargets(naming: Naming): (entries: readonly Entry[]) => string {
  const texts = usePageTexts(auditTexts);
  return (entries) => {
    const labelOf = (person: Person) => markedName(person, texts.left);
    const parts = entries.map((entry) => targetsOf(entry, naming, labelOf));
    const all = new Set(parts.flatMap(({ names }) => names));
    const shown = [...all].slice(0, MOST_SHOWN);
    const others = all.size - shown.length + parts.reduce((sum, { uncounted }) => sum + uncounted, 0);
    return others > 0 ? texts.andOthers(shown.join(', '), others) : shown.join(', ');
  };
}

const UNNAMED = /sso_settings|onboarding|login_methods|personal_access_token/;

function targetsOf(
  entry: Entry,
  naming: Naming,
  labelOf: (person: Person) => string,
): { names: string[]; uncounted: number } {
  const nameOf = (id: string) => {
    const person = naming.people.get(id);
    return person ? labelOf(person) : naming.nameOf(id);
  };
  const owner = ownerOf(entry);
  if (owner) return { names: [nameOf(owner) ?? owner], uncounted: 0 };
  const actor = entry.actor.user.uid ?? '';
  const isActor = (id: string) => id === actor || isSame(naming.people.get(id), naming.people.get(actor));
  const others = targetIdsOf(entry, naming.wanted).filter((id) => !isActor(id));
  const named = others.slice(0, MOST_NAMED).flatMap((id) => nameOf(id) ?? []);
  const uncounted = Math.max(0, others.length - MOST_NAMED);
  if (named.length > 0) return { names: named, uncounted };
  const [first] = UNNAMED.test(entry.api.operation) ? [] : others;
  return { names: first ? [first] : [], uncounted: 0 };
}

const isSame = (one: Person | undefined, other: Person | undefined): boolean =>
  one !== undefined && one.email === other?.email;
