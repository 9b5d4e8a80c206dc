import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { saveFile } from '../files/save-file';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { EXPORT_LIMIT, exportEntries, type Format } from './export-entries';
import { auditTexts } from './texts';
import type { Shown } from './use-filter';

const FORMATS: Format[] = ['csv', 'json'];

/** Reads what the filters select into a file, which the browser then saves. */
export function ExportDialog({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const { add, common } = useTexts();
  const texts = usePageTexts(auditTexts);
  const [format, setFormat] = useState<Format>('csv');
  const { start, count } = useExport(shown, format);
  return (
    <Dialog title={texts.export} onClose={onClose}>
      <Stack>
        <Text size="sm">{texts.exportText(EXPORT_LIMIT)}</Text>
        <SegmentedControl
          aria-label={texts.format}
          data={FORMATS.map((value) => ({ value, label: value.toUpperCase() }))}
          value={format}
          disabled={start.isPending}
          onChange={(value) => {
            setFormat(value);
            start.reset();
          }}
        />
        {start.error && <Problem error={start.error} />}
        <Text size="sm" role="status">
          {start.isPending && texts.progress(count)}
          {start.data && texts.exported(start.data.count)}
        </Text>
        {start.data && !start.data.isComplete && (
          <Alert color="yellow" variant="light">
            {texts.incomplete}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {start.data ? add.done : common.cancel}
          </Button>
          {!start.data && (
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              {texts.export}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Stops when the dialog is closed. */
function useExport(shown: Shown, format: Format) {
  const { api } = usePlace();
  const [count, setCount] = useState(0);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = useMutation({
    mutationFn: () => {
      stop.current = new AbortController();
      return exportEntries(api, shown, { format, signal: stop.current.signal, onProgress: setCount });
    },
    onSuccess: ({ file }) => saveFile(file, `audit-log.${format}`),
  });
  return { start, count };
}
