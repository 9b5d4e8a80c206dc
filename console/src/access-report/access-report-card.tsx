import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { Problem } from '../common/problem';
import { nameOfToday, saveFile } from '../files/save-file';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { useReportFile } from './report-file';
import { reportTexts } from './texts';

const FORMATS = ['html', 'csv', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** Saves the report as a file; only admins may read it. */
export function AccessReportCard() {
  const texts = usePageTexts(reportTexts);
  const read = useReadReport();
  const saved = useSaved();
  const save = useMutation({
    mutationFn: read,
    onSuccess: (file, format) => {
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
            {format === 'html' ? texts.saveToPrint : texts.saveAs(format.toUpperCase())}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        {texts.files}
      </Text>
    </SettingsCard>
  );
}

const PATH = '/api/v1/orgs/current/access-report';

function useReadReport() {
  const { api } = usePlace();
  const toFile = useReportFile();
  return async (format: Format): Promise<Blob> =>
    format === 'html'
      ? toFile((await dataOf(api.GET(PATH))) as Schemas['AccessReport']) // no CSV, which is text
      : dataOf(api.GET(PATH, { params: { query: { format } }, parseAs: 'blob' }));
}
