import { Button, Code, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { CopyText } from '../common/copy-text';
import { Problem } from '../common/problem';
import { organizationsTexts } from '../organizations/texts';
import { useUnsavedChanges } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { Facts, SettingsCard } from '../common/settings-card';
import { type OrganizationInfo, useUpdateOrganization } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { organizationTexts } from './texts';

/** As the server accepts it. */
const EMAIL = /^([^\s@]+@[^\s@]+)?$/;
const MAX_LENGTH = 255;

type Props = { organization: OrganizationInfo; mayManage: boolean };

export function PropertiesCard({ organization, mayManage }: Props) {
  const texts = usePageTexts(organizationTexts);
  return (
    <SettingsCard title={texts.properties} text={texts.propertiesText}>
      {mayManage ? <Form organization={organization} /> : <AsText organization={organization} />}
      <div>
        <Text size="sm" fw={600}>
          {texts.id}
        </Text>
        <Text size="xs" c="dimmed" mb={4}>
          {texts.idHint}
        </Text>
        <Group gap="xs">
          <Code className="wrapped">{organization.id}</Code>
          <CopyText value={organization.id ?? ''} />
        </Group>
      </div>
    </SettingsCard>
  );
}

type Shown = Pick<Props, 'organization'>;

function AsText({ organization }: Shown) {
  const texts = usePageTexts(organizationTexts);
  const { mail_language: language } = organization;
  return (
    <Facts
      facts={[
        [texts.name, organization.display_name ?? ''],
        [texts.contact, organization.security_contact ?? texts.nothing],
        [texts.mailLanguage, language ? (texts.languages[language] ?? language) : texts.ofInstallation],
      ]}
    />
  );
}

const valuesOf = (organization: OrganizationInfo) => ({
  name: organization.display_name ?? '',
  contact: organization.security_contact ?? '',
  language: organization.mail_language ?? '',
});
type Values = ReturnType<typeof valuesOf>;

/** Only what was changed, since others may change the rest meanwhile. */
const changeOf = (before: Values, typed: Values) => ({
  ...(typed.name === before.name ? {} : { display_name: typed.name.trim() }),
  ...(typed.contact === before.contact ? {} : { security_contact: typed.contact.trim() || null }),
  ...(typed.language === before.language ? {} : { mail_language: typed.language || null }),
});

function Form({ organization }: Shown) {
  const { common } = useTexts();
  const texts = usePageTexts(organizationTexts);
  const update = useUpdateOrganization();
  const saved = useSaved();
  const before = valuesOf(organization);
  const [typed, setTyped] = useState(before);
  const change = changeOf(before, typed);
  useUnsavedChanges(Object.keys(change).length > 0);
  const isValid = typed.name.trim() !== '' && EMAIL.test(typed.contact.trim());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = (changed: OrganizationInfo) => {
      setTyped(valuesOf(changed)); // the server stores addresses in lower case
      saved({ text: texts.saved });
    };
    update.mutate(change, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {update.error && <Problem error={update.error} />}
        <Fields before={before} typed={typed} onChange={(part) => setTyped({ ...typed, ...part })} />
        <Group>
          <Button
            type="submit"
            loading={update.isPending}
            disabled={!isValid || Object.keys(change).length === 0}
          >
            {common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type FieldsProps = { before: Values; typed: Values; onChange: (part: Partial<Values>) => void };

function Fields({ before, typed, onChange }: FieldsProps) {
  const texts = usePageTexts(organizationTexts);
  const { nameHint } = usePageTexts(organizationsTexts);
  const languages = [...new Set([...Object.keys(texts.languages), before.language])].filter(Boolean);
  return (
    <>
      <TextInput
        label={texts.name}
        description={nameHint}
        required
        withAsterisk={false}
        maxLength={MAX_LENGTH}
        value={typed.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        label={texts.contact}
        description={texts.contactHint}
        error={EMAIL.test(typed.contact.trim()) ? undefined : texts.contactWrong}
        type="email"
        value={typed.contact}
        onChange={(event) => onChange({ contact: event.currentTarget.value })}
      />
      <NativeSelect
        label={texts.mailLanguage}
        description={texts.mailLanguageHint}
        data={[
          { value: '', label: texts.ofInstallation },
          ...languages.map((value) => ({ value, label: texts.languages[value] ?? value })),
        ]}
        value={typed.language}
        onChange={(event) => onChange({ language: event.currentTarget.value })}
      />
    </>
  );
}
