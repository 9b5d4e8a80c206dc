import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNames } from '../audit-log/names';
import { findPeople } from '../audit-log/targets';
import { auditTexts } from '../audit-log/texts';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import type { LiveEvent } from './use-live-events';

const PEOPLE = ['user', 'invitation'];
/** After these, lists of names are read again. */
const NAMING = /^(?:access_policy|credential|group|role|service_account|workspace)\.(?:created|updated)$/;

/** The names of today for the ids in events. */
export function useEventNames(events: readonly LiveEvent[]) {
  const texts = usePageTexts(auditTexts);
  const { api, orgId } = usePlace();
  const ids = new Set(
    events.flatMap(({ actor, subject }) => [
      ...(actor.user_id ? [actor.user_id] : []),
      ...(subject && PEOPLE.includes(subject.kind) ? [subject.id] : []),
    ]),
  );
  const { data: people } = useQuery({
    queryKey: ['event-people', orgId, [...ids].toSorted()],
    queryFn: () => findPeople(api, [...ids]),
    enabled: ids.size > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  const named = Number(events.find(({ type }) => NAMING.test(type))?.sequence ?? 0);
  const queries = useQueryClient();
  useEffect(() => {
    if (named) void queries.invalidateQueries({ queryKey: ['workspaces', orgId] });
  }, [named, orgId, queries]);
  const { nameOf } = useNames(
    ({ of, areActors = false }) =>
      events.some(
        ({ subject, actor, data }) =>
          of.test(`_${subject?.kind} ${String(data['credential_kind'])}`) ||
          (areActors && actor.credential_id !== null && actor.user_id === null),
      ),
    named,
  );
  const personOrName = (id: string) => people?.get(id)?.name ?? nameOf(id);
  return {
    /** A name, or the id of what has none or is deleted. */
    subjectOf: ({ subject }: LiveEvent) => (subject ? (personOrName(subject.id) ?? subject.id) : ''),
    actorOf: ({ actor: { user_id: userId, credential_id: credentialId } }: LiveEvent) => {
      if (userId) return people ? (people.get(userId)?.name ?? texts.formerMember) : '';
      return credentialId ? (nameOf(credentialId) ?? texts.aKey) : texts.theServer;
    },
  };
}
