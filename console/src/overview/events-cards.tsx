import { Anchor, Group, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SettingsCard } from '../common/settings-card';
import { problemTexts } from '../failed-sign-ins/problem-texts';
import { codeOfRefusal } from '../failed-sign-ins/use-failed-sign-ins';
import { Initials } from '../people/initials';
import { useLanguage, usePageTexts, useRecentTimes } from '../texts/texts';
import { overviewTexts } from './texts';
import type { Overview } from './use-overview';

type Reasons = NonNullable<Overview['failed_sign_ins']>;
type Changes = NonNullable<Overview['recent']>;

export function FailedCard({ reasons }: { reasons: Reasons }) {
  const texts = usePageTexts(overviewTexts);
  const problems = usePageTexts(problemTexts);
  const { language } = useLanguage();
  const textOf = (reason: string) =>
    reason === 'invalid_login' ? texts.wrongPassword : (problems[codeOfRefusal(reason)]?.[0] ?? reason);
  return (
    <SettingsCard title={texts.failed} text={texts.failedText} help="failedSignIns">
      {reasons.length === 0 ? (
        <Text size="sm">{texts.noneFailed}</Text>
      ) : (
        <List listStyleType="none" spacing="xs" size="sm">
          {reasons.map(({ reason, count }) => (
            <List.Item key={reason}>
              <b>{texts.times(count.toLocaleString(language))}</b> {textOf(reason)}
            </List.Item>
          ))}
        </List>
      )}
      <Anchor component={Link} to="../audit-log?period=1&operation=login" relative="path" size="sm">
        {texts.showFailed}
      </Anchor>
    </SettingsCard>
  );
}

/** Who joined can be found in the list of members; who left has no page any more. */
export function RecentCard({ changes }: { changes: Changes }) {
  const texts = usePageTexts(overviewTexts);
  const time = useRecentTimes();
  return (
    <SettingsCard title={texts.recent} text={texts.recentText}>
      {changes.length === 0 && <Text size="sm">{texts.noneRecent}</Text>}
      <Stack gap="xs" component="ul" className="plain-list">
        {changes.map(({ kind, time: at, user_id: id, name, email }) => (
          <Group key={`${id}${at}`} component="li" gap="sm" wrap="nowrap">
            <Initials name={name} email={email ?? ''} size={28} />
            <Text size="sm" className="wrapped">
              {kind === 'joined' && email ? (
                <Anchor
                  component={Link}
                  to={`../members?q=${encodeURIComponent(email)}`}
                  relative="path"
                  inherit
                >
                  {name || email}
                </Anchor>
              ) : (
                name || email || texts.formerMember
              )}{' '}
              {texts[kind]}
              <Text span inherit c="dimmed">
                {' · '}
                {time(at)}
              </Text>
            </Text>
          </Group>
        ))}
      </Stack>
    </SettingsCard>
  );
}
