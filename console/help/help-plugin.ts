import { join } from 'node:path';
import MiniSearch from 'minisearch';
import type { Plugin } from 'vite';
import { SEARCH_OPTIONS } from '../src/help/search-options.ts';
import { readHelpPages, renderHelpPage, ROOT } from './help-pages.ts';

const LIST = '\0virtual:help';
const SEARCH = '\0virtual:help-search';

/** The pages of `docs` as modules: `virtual:help` lists and loads them, `virtual:help-search` is the index of their sections. */
export function help(): Plugin {
  let modules = new Map<string, string>();
  return {
    name: 'help',
    buildStart() {
      const pages = readHelpPages();
      for (const { file } of pages) this.addWatchFile(join(ROOT, file));
      modules = modulesOf(pages);
    },
    resolveId: (id) => (modules.has(`\0${id}`) ? `\0${id}` : null),
    load: (id) => modules.get(id) ?? null,
  };
}

/** Relative to the base element of the console. */
const linkTo = (page: string, anchor: string) => `help/${page}${anchor && `#${anchor}`}`;

function modulesOf(pages: ReturnType<typeof readHelpPages>): Map<string, string> {
  const modules = new Map<string, string>();
  const index = new MiniSearch(SEARCH_OPTIONS);
  const list: object[] = [];
  const loaders: string[] = [];
  for (const one of pages) {
    const { page, group } = one;
    const images: string[] = [];
    const image = (file: string) => `%IMAGE${images.push(file) - 1}%`;
    const { title, html, sections } = renderHelpPage(one, pages, linkTo, image);
    const headings = sections.flatMap(({ level, title: heading, anchor }) =>
      level === 2 ? [{ title: heading, anchor }] : [],
    );
    list.push({ page, group, title });
    loaders.push(`${JSON.stringify(page)}: () => import('virtual:help/${page}')`);
    modules.set(`${LIST}/${page}`, pageModule({ title, headings }, html, images));
    for (const [position, { title: heading, anchor, text }] of sections.entries())
      index.add({ to: `/${linkTo(page, position ? anchor : '')}`, title: heading, page: title, text, group });
  }
  modules.set(
    LIST,
    `export const pages = ${JSON.stringify(list)};\nexport const load = {${loaders.join(',\n')}};`,
  );
  return modules.set(SEARCH, `export default ${JSON.stringify(JSON.stringify(index))};`);
}

/** Imports the images, so that they become assets. */
const pageModule = (facts: object, html: string, images: readonly string[]) => `
  ${images.map((file, index) => `import image${index} from ${JSON.stringify(`${join(ROOT, file)}?url`)};`).join('\n')}
  const images = [${images.map((_, index) => `image${index}`).join()}];
  const urlOf = (_, index) => new URL(images[index], document.baseURI).href;
  export default { ...${JSON.stringify(facts)}, html: ${JSON.stringify(html)}.replace(/%IMAGE(\\d+)%/g, urlOf) };`;
