import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readHelpPages, renderHelpPage, ROOT } from '../console/help/help-pages.ts';

const GROUPS: Readonly<Record<string, string>> = {
  guides: 'Guides for administrators',
  start: 'First steps',
  providers: 'Identity providers',
  rules: 'The rules in detail',
  operation: 'Operation',
  development: 'Development',
  reference: 'Reference',
};

const STYLE = `:root { color-scheme: light dark; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
a { color: light-dark(#1c5d50, #63ab94); }
pre, .wide { overflow-x: auto; }
pre, code { font-family: ui-monospace, monospace; font-size: 0.875em; }
td, th { padding: 0.3rem 0.6rem; border: 1px solid light-dark(#dee2e6, #424242); vertical-align: top; text-align: left; }
table { border-collapse: collapse; }
img { max-width: 100%; }
`;

/** The pages of the help of the console as HTML with relative links, for a web server or a folder. Replaces files of these names. */
export function writeHelpSite(folder: string): void {
  const pages = readHelpPages();
  const write = (file: string, title: string, content: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), documentOf(title, content, relative(file, 'help.css')));
  };
  const titles = pages.map((one) => {
    const file = `${one.page}.html`;
    const linkTo = (page: string, anchor: string) =>
      relative(file, `${page}.html`) + (anchor && `#${anchor}`);
    const image = (source: string) => {
      const copy = `images/${posix.basename(source)}`;
      mkdirSync(join(folder, 'images'), { recursive: true });
      copyFileSync(join(ROOT, source), join(folder, copy));
      return relative(file, copy);
    };
    const { title, html } = renderHelpPage(one, pages, linkTo, image);
    write(file, title, `<p><a href="${relative(file, 'index.html')}">Help</a></p>\n${html}`);
    return { ...one, file, title };
  });
  const listOf = (group: string) =>
    titles.flatMap((one) =>
      one.group === group ? `<li><a href="${one.file}">${escaped(one.title)}</a></li>` : [],
    );
  const lists = Object.entries(GROUPS).map(
    ([group, title]) => `<h2>${title}</h2>\n<ul>\n${listOf(group).join('\n')}\n</ul>`,
  );
  write('index.html', 'Help', `<h1>Help</h1>\n${lists.join('\n')}`);
  writeFileSync(join(folder, 'help.css'), STYLE);
}

const relative = (from: string, to: string): string => posix.relative(posix.dirname(from), to);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const documentOf = (title: string, content: string, style: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Tenantry</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
${content}
</body>
</html>
`;

const [, script, folder] = process.argv;
if (script && import.meta.url === pathToFileURL(script).href) {
  if (!folder) throw new Error('usage: node scripts/help-site.ts <folder>');
  writeHelpSite(folder);
}
