import { expect, it } from '@jest/globals';
import { type AddressOf, renderMarkdown } from './render-markdown.js';

const addressOf: AddressOf = (file, anchor) =>
  file.startsWith('docs/') && !file.startsWith('docs/decisions') ? `help/${file}#${anchor}` : null;
const render = (source: string) => renderMarkdown('docs/contract/keys.md', source, addressOf);

it('escapes HTML, and accepts no address that runs a script', () => {
  const { html } = render(
    '<img src=x onerror=alert(1)> `<b>` [x](javascript:alert(1))\n\n<script>alert(1)</script>',
  );

  expect(html).not.toMatch(/<(?:img|script|b|a)\b/);
  expect(html).toContain('&lt;script&gt;');
});

it('gives headings the anchors of GitHub, and numbers those that repeat', () => {
  const { html, title, sections } = render('# `Keys` & [tokens](x.md)\n\n## Who may\n\ntext\n\n## Who may\n');

  expect(title).toBe('Keys & tokens');
  expect(sections.map(({ anchor }) => anchor)).toEqual(['keys--tokens', 'who-may', 'who-may-1']);
  expect(html).toContain('<h2 id="who-may-1">');
});

it('collects the text below each heading for the search', () => {
  const { sections } = render(
    '# Keys\n\nfirst\nline with `code`\n\n## More\n\n- item\n\n| a |\n|---|\n| b |\n',
  );

  expect(sections.map(({ text }) => text)).toEqual(['first line with code', 'item a b']);
});

it('leads links to pages of the help, and shows other files as text', () => {
  const { html } = render(
    '[a](../sso.md#groups) [b](#here) [c](../decisions/0001.md) [d](../../LICENSE) [e](https://a.example)',
  );

  expect([...html.matchAll(/<a([^>]*)>/g)].map(([, attributes]) => attributes)).toEqual([
    ' href="help/docs/sso.md#groups"',
    ' href="help/docs/contract/keys.md#here"',
    '',
    '',
    ' href="https://a.example"',
  ]);
});

it('writes no style attributes, which the policy of the console refuses', () => {
  expect(render('| a |\n|--:|\n| 1 |\n').html).not.toContain('style=');
});
