import { Anchor, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { AuditEntries } from '../audit-log/audit-entries';
import { useTarget } from '../audit-log/targets';
import { DEFAULT_FILTER } from '../audit-log/use-filter';
import { usePageTexts } from '../texts/texts';
import { personTexts } from './texts';

/** What a member did, by the audit log. */
export function WhatTheyDid({ userId }: { userId: string }) {
  const texts = usePageTexts(personTexts);
  const [now] = useState(Date.now);
  const filter = { ...DEFAULT_FILTER, period: 'all', personId: userId } as const;
  return (
    <Activity to={`person=${userId}`}>
      <AuditEntries
        caption={texts.tabs.did}
        shown={{ filter, now, targetIds: null }}
        empty={<Text c="dimmed">{texts.nothingDid}</Text>}
        hidden="who"
      />
    </Activity>
  );
}

/** What was done to a member, by others or by themselves, in the organization and its workspaces. */
export function WhatConcernsThem({ userId }: { userId: string }) {
  const texts = usePageTexts(personTexts);
  const [now] = useState(Date.now);
  const target = useTarget(userId);
  const filter = { ...DEFAULT_FILTER, period: 'all', targetId: userId } as const;
  return (
    <Activity to={`target=${userId}`}>
      <AuditEntries
        caption={texts.tabs.concerned}
        shown={target ? { filter, now, targetIds: target.ids } : null}
        empty={<Text c="dimmed">{texts.nothingConcerned}</Text>}
        hidden="target"
      />
    </Activity>
  );
}

/** `to`: the same in the audit log, where it can be filtered further and exported. */
function Activity({ to, children }: { to: string; children: ReactNode }) {
  const texts = usePageTexts(personTexts);
  return (
    <Stack>
      {children}
      <Anchor component={Link} to={`../../audit-log?period=all&${to}`} relative="path" size="sm">
        {texts.inAuditLog}
      </Anchor>
    </Stack>
  );
}
