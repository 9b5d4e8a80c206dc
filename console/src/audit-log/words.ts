import { usePageTexts } from '../texts/texts';
import { operationTexts } from './operation-texts';
import { auditTexts } from './texts';
import type { Entry, People } from './use-audit-log';

/** An operation in the language of the reader; one without a text in words of its name. */
export function useOperationName(): (operation: string) => string {
  const operations = usePageTexts(operationTexts);
  return (operation) => operations[operation] ?? inWords(operation);
}

const inWords = (operation: string) => {
  const words = operation.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Who did it: an entry has ids only, so people who have left are no longer named. */
export function useWho(people: People): (entry: Entry) => string {
  const texts = usePageTexts(auditTexts);
  return ({ actor: { user } }) => {
    const person = user.uid ? people.get(user.uid) : null;
    if (person) return person.full_name || person.email || '';
    if (user.uid) return texts.formerMember;
    return user.credential_uid ? texts.aKey : texts.theServer;
  };
}
