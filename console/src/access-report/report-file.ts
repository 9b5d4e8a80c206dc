import type { Schemas } from '../api/client';
import { createdTexts } from '../created-credentials/texts';
import { asText } from '../files/csv';
import { useOrganization } from '../session/use-organization';
import { useDates, useLanguage, useMinutes, usePageTexts, useTexts } from '../texts/texts';
import { type Line, type Section, sectionsOf } from './report-lines';
import { type ReportTexts, reportTexts } from './texts';

/** A file without scripts, which loads nothing. */
const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 90rem; overflow-wrap: break-word; hyphens: auto; }
h1, h2 { line-height: 1.2; }
.notes { max-width: 48rem; }
.table { overflow-x: auto; }
table { width: 100%; min-width: 64rem; border-collapse: collapse; table-layout: fixed; }
th, td { padding: 0.3rem 0.6rem 0.3rem 0; text-align: start; vertical-align: top; font-weight: 400; }
thead th { font-weight: 600; border-bottom: 2px solid; }
th:nth-child(1), th:nth-child(4), th:nth-child(7) { width: 18%; }
th:nth-child(5), th:nth-child(6) { width: 9%; }
tbody { border-bottom: 1px solid GrayText; }
tbody tr:first-child th { font-weight: 600; }
small { display: block; font-size: 0.9em; font-weight: 400; }
@page { size: A4 landscape; margin: 12mm; @bottom-right { content: counter(page) ' / ' counter(pages); } }
@media print {
  :root { color-scheme: light; font-size: 8pt; }
  body { margin: 0; padding: 0; max-width: none; }
  .table { overflow: visible; }
  table { min-width: 0; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}`;

const POLICY = `default-src 'none'; style-src 'unsafe-inline'`;

/** Escaped; and names are no formulas where a spreadsheet opens the file. */
const escaped = (text: string): string =>
  asText(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The report in the words of the console, to read and print: a page of HTML. */
export function useReportFile(): (report: Schemas['AccessReport']) => Blob {
  const { language } = useLanguage();
  const texts = usePageTexts(reportTexts);
  const { access } = useTexts();
  const { kinds } = usePageTexts(createdTexts);
  const [date, minute] = [useDates(), useMinutes()];
  const organization = useOrganization().data?.display_name ?? '';
  return ({ created_at: time, audit_log: log, grants }) => {
    const asOf = escaped(texts.asOf(organization, minute(time)));
    const head = `<!doctype html><html lang="${language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width"><title>${texts.title}: ${asOf}</title><style>${STYLE}</style></head>
<body><main><h1>${texts.title}</h1><p>${asOf}</p><p class="notes">${escaped(texts.notes)}</p>
${log ? `<p class="notes">${escaped(texts.sealed(log.position, log.seal))}</p>` : ''}`;
    const sections = sectionsOf(grants, { language, texts, access, kinds, date });
    const parts = sections.flatMap((section) => htmlOf(section, texts));
    return new Blob([head, ...parts, '</main></body></html>\n'], { type: 'text/html' });
  };
}

function htmlOf({ name, lines }: Section, texts: ReportTexts): string[] {
  const title = texts.lines(texts.sections[name], lines.length);
  if (lines.length === 0) return [`<h2>${texts.sections[name]}</h2><p>${texts.none}</p>`];
  const { person, program, ...others } = texts.columns;
  const labels = [name === 'programs' ? program : person, ...Object.values(others)];
  return [
    `<h2>${title}</h2><div class="table" role="region" tabindex="0" aria-label="${title}"><table><thead><tr>`,
    ...labels.map((label) => `<th scope="col">${label}</th>`),
    '</tr></thead>\n',
    ...[...Map.groupBy(lines, ({ id }) => id).values()].map(
      (own) => `<tbody>${own.map(rowOf).join('')}</tbody>\n`,
    ),
    '</table></div>',
  ];
}

/** The second part of the name is in the first line only. */
function rowOf({ who, place, role, why, since, until, by }: Line, index: number): string {
  const cells = [[place], [role], [why], [since], [until], by];
  const name = index === 0 ? who : who.slice(0, 1);
  return `<tr><th scope="row">${inLines(name)}</th>${cells.map((cell) => `<td>${inLines(cell)}</td>`).join('')}</tr>`;
}

const inLines = ([first = '', ...others]: readonly string[]): string =>
  [escaped(first), ...others.map((other) => `<small>${escaped(other)}</small>`)].join('');
