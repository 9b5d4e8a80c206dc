import { Alert, Anchor, Button, Group, Select, Stack, TagsInput, Text } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Problem } from '../common/problem';
import { discardUnsaved, useUnsavedChanges } from '../page/unsaved';
import { type OwnSession, useOwnSessions } from '../own-sessions/use-own-sessions';
import { useSaved } from '../saved/saved';
import { providerSignIn } from '../session/leave-page';
import { Facts, SettingsCard } from '../common/settings-card';
import { type OrganizationInfo, useUpdateOrganization } from '../session/use-organization';
import { usePageTexts, useRecentTimes, useTexts } from '../texts/texts';
import { requirementTexts } from './texts';
import { type Requirement, useWeakerSignIns } from './use-weaker-sign-ins';

/** How people have to sign in at the identity provider, beside what the reader's own session has. */
export function SignInRequirementCard({ organization }: { organization: OrganizationInfo }) {
  const texts = usePageTexts(requirementTexts);
  const isAdmin = organization.org_role_name === 'ORGANIZATION_ADMIN';
  const own = useOwnSessions().data?.find(({ is_current: isCurrent }) => isCurrent);
  const set = {
    acr: organization.required_acr ?? [],
    amr: organization.required_amr ?? [],
    age: organization.max_authentication_age ?? null,
  };
  return (
    <SettingsCard title={texts.title} text={texts.text} help="signInRequirement">
      {isAdmin ? <Form set={set} own={own} /> : <Overview set={set} />}
    </SettingsCard>
  );
}

function Overview({ set: { acr, amr, age } }: { set: Requirement }) {
  const texts = usePageTexts(requirementTexts);
  return (
    <Stack gap="sm">
      <Facts
        facts={[
          [texts.levels, acr.join(', ') || texts.all],
          [texts.methods, amr.join(', ') || texts.none],
          [texts.age, age === null ? texts.anyTime : (texts.ages[age] ?? texts.otherAge(age))],
        ]}
      />
      <Text size="sm">{texts.onlyAdmins}</Text>
    </Stack>
  );
}

const VALUE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;
const ANY = '';

function Form({ set, own }: { set: Requirement; own: OwnSession | undefined }) {
  const { common } = useTexts();
  const texts = usePageTexts(requirementTexts);
  const update = useUpdateOrganization();
  const saved = useSaved();
  const [wanted, setWanted] = useState(useWantedBeforeSignIn() ?? set);
  const { acr, amr, age } = wanted;
  const isUnchanged = JSON.stringify(wanted) === JSON.stringify(set);
  useUnsavedChanges(!isUnchanged);
  const isWellFormed = [...acr, ...amr].every((value) => VALUE.test(value));
  const isMet = own !== undefined && meets(own, wanted);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const requiresNothing = acr.length === 0 && amr.length === 0 && age === null;
    const onSuccess = () => saved({ text: requiresNothing ? texts.savedNothing : texts.saved });
    update.mutate({ required_acr: acr, required_amr: amr, max_authentication_age: age }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {update.error && <Problem error={update.error} />}
        <OwnSignIn own={own} />
        <Fields wanted={wanted} onChange={setWanted} />
        {!isUnchanged && isWellFormed && own && !isMet && <SignInSo wanted={wanted} />}
        {isWellFormed && <WhatGoesOn wanted={wanted} isSaved={isUnchanged} />}
        <Group>
          <Button type="submit" loading={update.isPending} disabled={isUnchanged || !isMet || !isWellFormed}>
            {common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type FieldsProps = { wanted: Requirement; onChange: (wanted: Requirement) => void };

function Fields({ wanted, onChange }: FieldsProps) {
  const texts = usePageTexts(requirementTexts);
  const { acr, amr, age } = wanted;
  const errorOf = (values: string[]) => (values.every((value) => VALUE.test(value)) ? null : texts.malformed);
  const seconds = [...new Set([...Object.keys(texts.ages).map(Number), ...(age === null ? [] : [age])])];
  const shared = { splitChars: [',', ' ', ';'], maxTags: 10, acceptValueOnBlur: true };
  return (
    <>
      <TagsInput
        label={texts.levels}
        description={texts.levelsHint}
        placeholder={acr.length > 0 ? '' : texts.all}
        value={acr}
        error={errorOf(acr)}
        onChange={(values) => onChange({ ...wanted, acr: values })}
        {...shared}
      />
      <TagsInput
        label={texts.methods}
        description={texts.methodsHint}
        placeholder={amr.length > 0 ? '' : texts.none}
        value={amr}
        error={errorOf(amr)}
        onChange={(values) => onChange({ ...wanted, amr: values })}
        {...shared}
      />
      <Select
        label={texts.age}
        allowDeselect={false}
        data={[
          { value: ANY, label: texts.anyTime },
          ...seconds
            .toSorted((a, b) => a - b)
            .map((one) => ({ value: String(one), label: texts.ages[one] ?? texts.otherAge(one) })),
        ]}
        value={age === null ? ANY : String(age)}
        onChange={(value) => onChange({ ...wanted, age: value ? Number(value) : null })}
      />
    </>
  );
}

/** The sessions and tokens of weaker sign-ins. The list compares with what is saved. */
function WhatGoesOn({ wanted, isSaved }: { wanted: Requirement; isSaved: boolean }) {
  const texts = usePageTexts(requirementTexts);
  const { data: counts } = useWeakerSignIns(wanted);
  if (!counts) return null;
  const { sessions, personal_access_tokens: weaker } = counts;
  const unknown = counts.personal_access_tokens_of_unknown_sign_in;
  if (sessions + weaker + unknown === 0) return null;
  const listOf = (signIn: 'weaker' | 'unknown') => `../credentials?sign-in=${signIn}`;
  const tokens = [
    { text: texts.weakerTokens(weaker), count: weaker, to: listOf('weaker') },
    { text: texts.unknownTokens(unknown), count: unknown, to: listOf('unknown') },
  ];
  return (
    <Stack gap={4}>
      {sessions > 0 && <Text size="sm">{texts.weakerSessions(sessions)}</Text>}
      {tokens.map(
        ({ text, count, to }) =>
          count > 0 && (
            <Text key={to} size="sm">
              {text}
              {isSaved && (
                <>
                  {' '}
                  <Anchor component={Link} to={to} relative="path" size="sm" underline="always">
                    {texts.showTokens}
                  </Anchor>
                </>
              )}
            </Text>
          ),
      )}
    </Stack>
  );
}

function SignInSo({ wanted }: { wanted: Requirement }) {
  const texts = usePageTexts(requirementTexts);
  return (
    <Alert color="yellow" variant="light">
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex={1} miw={200}>
          {texts.ownMisses}
        </Text>
        <Button
          component="a"
          variant="default"
          size="compact-sm"
          href={signInWith(wanted)}
          onClick={discardUnsaved}
        >
          {texts.signIn}
        </Button>
      </Group>
    </Alert>
  );
}

function OwnSignIn({ own }: { own: OwnSession | undefined }) {
  const texts = usePageTexts(requirementTexts);
  const timeOf = useRecentTimes();
  if (!own) return null;
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {texts.own}
      </Text>
      <Facts
        facts={[
          [texts.ownLevel, own.acr ?? texts.notSent],
          [texts.ownMethods, own.amr?.join(', ') || texts.notSent],
          [texts.ownTime, own.authenticated_at ? timeOf(own.authenticated_at) : texts.notSent],
        ]}
      />
    </div>
  );
}

/** The server decides; this saves the reader an attempt. */
function meets({ acr, amr, authenticated_at: time }: OwnSession, wanted: Requirement): boolean {
  if (wanted.acr.length > 0 && !(acr !== null && wanted.acr.includes(acr))) return false;
  if (!wanted.amr.every((method) => amr?.includes(method))) return false;
  return wanted.age === null || (time !== null && Date.now() - Date.parse(time) < wanted.age * 1000);
}

/** What was typed comes back in the address, since the sign-in leaves the page. */
function signInWith({ acr, amr, age }: Requirement): string {
  const next = new URL(location.pathname, location.href);
  next.searchParams.set('requirement', JSON.stringify({ acr, amr, age }));
  return providerSignIn(next, {
    prompt: 'login',
    ...(acr.length > 0 ? { acr_values: acr.join(' ') } : {}),
    ...(age === null ? {} : { max_age: String(age) }),
  });
}

function useWantedBeforeSignIn(): Requirement | null {
  const [search] = useSearchParams();
  try {
    const { acr, amr, age } = JSON.parse(search.get('requirement') ?? 'null') as Requirement;
    const isText = (value: unknown) => typeof value === 'string';
    return acr.every(isText) && amr.every(isText) ? { acr, amr, age: Number(age) || null } : null;
  } catch {
    return null; // none, or a link that somebody else has made
  }
}
