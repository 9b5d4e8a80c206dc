import { Button } from '@mantine/core';
import { Problem } from '../../common/problem';
import { useSaved } from '../../saved/saved';
import { usePageTexts } from '../../texts/texts';
import type { ShownList } from '../list/use-member-list';
import { useReadingAll } from '../list/use-reading-all';
import { type CsvColumn, csvOf } from '../../files/csv';
import { nameOfToday, saveFile } from '../../files/save-file';
import { exportTexts } from './texts';

type Props<Row> = {
  readonly columns: readonly CsvColumn<Row>[];
  readonly readPart: ShownList<Row>['readPart'];
};

/** Saves all rows that match as a file, made by the browser from the pages that the caller may read. */
export function ExportButton<Row extends { readonly id: string }>({ columns, readPart }: Props<Row>) {
  const texts = usePageTexts(exportTexts);
  const saved = useSaved();
  const { start, stop, progress, error } = useReadingAll(readPart);
  const save = (rows: Row[]) => {
    saveFile(
      new Blob([csvOf(columns, rows)], { type: 'text/csv;charset=utf-8' }),
      nameOfToday(texts.file, 'csv'),
    );
    saved({ text: texts.done(rows.length) });
  };
  return (
    <>
      <Button variant="default" onClick={() => (progress ? stop() : void start(save))}>
        {progress ? texts.stop(progress.read, progress.total) : texts.action}
      </Button>
      {error && <Problem error={error} />}
    </>
  );
}
