import { posix } from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';
import { slugOf } from '../../scripts/contract-citations.ts';

type Section = {
  readonly level: number;
  readonly title: string;
  readonly anchor: string;
  /** Without the heading, and without code blocks. */
  text: string;
};
export type RenderedPage = {
  readonly title: string;
  readonly html: string;
  readonly sections: readonly Section[];
};

/** The address of a file of the repository, as `docs/sso.md`, in the rendered page; null if it is not part of the help. */
export type AddressOf = (file: string, anchor: string) => string | null;

const markdown = new MarkdownIt({ html: false });
markdown.renderer.rules['table_open'] = () =>
  '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>';
markdown.renderer.rules['table_close'] = () => '</table></div>';
markdown.renderer.rules['fence'] = (tokens, index) =>
  `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</code></pre>`;

/** HTML without styles or scripts, with HTML of the source escaped. A link that leads nowhere becomes its text. */
export function renderMarkdown(file: string, source: string, addressOf: AddressOf): RenderedPage {
  const tokens = markdown.parse(source, {});
  const sections: Section[] = [];
  const anchors = new Map<string, number>();
  tokens.forEach((token, index) => {
    token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null; // of aligned columns, refused by the policy
    if (token.type === 'heading_open') {
      const title = textOf(tokens[index + 1]);
      const slug = slugOf(title);
      const count = anchors.get(slug) ?? 0;
      anchors.set(slug, count + 1);
      const anchor = count ? `${slug}-${count}` : slug;
      token.attrSet('id', anchor);
      sections.push({ level: Number(token.tag.slice(1)), title, anchor, text: '' });
    } else if (token.type === 'inline') {
      for (const child of token.children ?? []) resolveIn(child, file, addressOf);
      const section = sections.at(-1);
      if (section && tokens[index - 1]?.type !== 'heading_open')
        section.text = `${section.text} ${textOf(token)}`.trim();
    }
  });
  const html = markdown.renderer.render(tokens, markdown.options, {});
  return { title: sections[0]?.title ?? file, html, sections };
}

const textOf = (inline: Token | undefined): string =>
  (inline?.children ?? []).map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');

function resolveIn(token: Token, file: string, addressOf: AddressOf): void {
  const name = token.type === 'image' ? 'src' : 'href';
  const target = token.attrGet(name);
  if (typeof target !== 'string' || /^[a-z]+:/.test(target)) return;
  const [path = '', anchor = ''] = decodeURI(target).split('#');
  const address = addressOf(path ? posix.join(posix.dirname(file), path) : file, anchor);
  if (address !== null) token.attrSet(name, address);
  else token.attrs = null;
}
