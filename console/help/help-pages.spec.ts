import { expect, it } from '@jest/globals';
import { HELP } from '../src/page/help.js';
import { readHelpPages, renderHelpPage } from './help-pages.js';

const pages = readHelpPages();
const anchors = new Map(
  pages.map((page) => {
    const { sections } = renderHelpPage(
      page,
      pages,
      (to, anchor) => `${to}#${anchor}`,
      (file) => file,
    );
    return [page.page, ['', ...sections.map(({ anchor }) => anchor)]];
  }),
);

it.each(Object.entries(HELP))('the help about %s is there', (_, path) => {
  const [page = '', anchor = ''] = path.split('#');
  expect(anchors.get(page)).toContain(anchor);
});

it.each(pages.filter(({ group, page }) => /guides|start/.test(group) && page !== 'whats-new'))(
  '$page is read in a few minutes',
  ({ source }) => {
    const text = source.replace(/^```.*?^```/gms, '').replace(/^\|.*$/gm, '');
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(600);
  },
);
