import './help.css';
import { Anchor, Stack, Text, Typography } from '@mantine/core';
import { type MouseEvent, use, useEffect } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { load } from 'virtual:help';
import { PageHead } from '../common/page-head';
import { useTitle } from '../common/use-title';
import { consoleUrl } from '../page/page-settings';
import { usePageTexts, useTexts } from '../texts/texts';
import { helpTexts } from './texts';

type Loading = ReturnType<(typeof load)[string]>;
const loading = new Map<string, Loading>();

export function HelpPage({ page }: { page: string }) {
  const loader = load[page];
  const { common } = useTexts();
  const texts = usePageTexts(helpTexts);
  if (loader) {
    const promise = loading.get(page) ?? loader();
    loading.set(page, promise); // the same one each time, as `use` needs it
    return <Article promise={promise} />;
  }
  return (
    <Stack gap="lg" maw={960} mx="auto">
      <PageHead title={common.notFound} />
      <Anchor component={Link} to="/help">
        {texts.toIndex}
      </Anchor>
    </Stack>
  );
}

function Article({ promise }: { promise: Loading }) {
  const { title, headings, html } = use(promise).default;
  const texts = usePageTexts(helpTexts);
  useTitle(title);
  useFocusOfHash();
  const follow = useFollow();
  return (
    <div className="help-page">
      {/* Clicks on its links bubble up to it; the links themselves have the focus and the keys. */}
      <Typography lang="en" component="article" onClick={follow} dangerouslySetInnerHTML={{ __html: html }} />
      {headings.length > 1 && (
        <nav className="help-headings" aria-label={texts.onThisPage}>
          <Text size="sm" fw={600} mb="xs">
            {texts.onThisPage}
          </Text>
          {headings.map(({ title: heading, anchor }) => (
            <Anchor
              key={anchor}
              component={Link}
              to={`#${anchor}`}
              size="sm"
              display="block"
              mb={6}
              lang="en"
            >
              {heading}
            </Anchor>
          ))}
        </nav>
      )}
    </div>
  );
}

/** Focuses the heading that the address names, or the first one after another page. */
function useFocusOfHash(): void {
  const { hash, key } = useLocation();
  const isFirst = key === 'default';
  useEffect(() => {
    const named = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    const heading = named || (isFirst ? null : document.querySelector<HTMLElement>('.help-page h1'));
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    if (named) named.scrollIntoView();
    else window.scrollTo(0, 0);
  }, [hash, key, isFirst]);
}

/** Follows links to other pages of the help without loading the console again. */
function useFollow() {
  const navigate = useNavigate();
  return (event: MouseEvent) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!isPlain || !link?.href.startsWith(consoleUrl.href)) return;
    event.preventDefault();
    void navigate(`/${link.href.slice(consoleUrl.href.length)}`);
  };
}
