import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { Problem } from '../common/problem';
import { nameOfToday, saveFile } from '../files/save-file';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { type PageTexts, usePageTexts } from '../texts/texts';

const en = {
  title: 'Access report',
  text: 'Who can do what in this organization, why and since when, who gave the access, when it was last used and when it ends: all members, groups, invitations, keys and tokens.',
  proof:
    'The file names the latest seal of the audit log. With that, the operator of this installation can confirm later that the report belongs to it.',
  saveAs: (format: string) => `Save as ${format}`,
  saved: (name: string) => `The report was saved as ${name}.`,
  file: 'access-report',
};

const de: typeof en = {
  title: 'Zugriffsbericht',
  text: 'Wer was in dieser Organisation darf, warum und seit wann, wer den Zugriff gegeben hat, wann er zuletzt genutzt wurde und wann er endet: alle Mitglieder, Gruppen, Einladungen, Schlüssel und Token.',
  proof:
    'Die Datei nennt das letzte Siegel des Audit-Logs. Damit kann der Betreiber dieser Installation später bestätigen, dass der Bericht dazu gehört.',
  saveAs: (format) => `Als ${format} speichern`,
  saved: (name) => `Der Bericht wurde als ${name} gespeichert.`,
  file: 'zugriffsbericht',
};

const reportTexts: PageTexts<typeof en> = { en, de };

const FORMATS = ['csv', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** Saves the report as a file; only admins may read it. */
export function AccessReportCard() {
  const texts = usePageTexts(reportTexts);
  const { api } = usePlace();
  const saved = useSaved();
  const save = useMutation({
    mutationFn: (format: Format) =>
      dataOf(
        api.GET('/api/v1/orgs/current/access-report', { params: { query: { format } }, parseAs: 'blob' }),
      ),
    onSuccess: (file: Blob, format) => {
      const name = nameOfToday(texts.file, format);
      saveFile(file, name);
      saved({ text: texts.saved(name) });
    },
  });
  if (!useIsOrganizationAdmin()) return null;
  return (
    <SettingsCard title={texts.title} text={texts.text} help="accessReport">
      {save.error && <Problem error={save.error} />}
      <Group>
        {FORMATS.map((format) => (
          <Button
            key={format}
            variant="default"
            loading={save.isPending && save.variables === format}
            disabled={save.isPending}
            onClick={() => save.mutate(format)}
          >
            {texts.saveAs(format.toUpperCase())}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        {texts.proof}
      </Text>
    </SettingsCard>
  );
}
