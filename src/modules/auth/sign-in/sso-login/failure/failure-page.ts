import type { Page } from '../../pages/page.js';

export type Failure = {
  status: number;
  /** Our error code, for support requests. */
  code: string;
  /** First the problem, then who can fix it and how. */
  message: string;
  home: string;
  /** Null if a retry cannot succeed. */
  retry: { readonly text: string; readonly href: string } | null;
};

/** The page for a failed sign-in. */
export function toFailurePage({ status, code, message, home, retry }: Failure): Page {
  const [problem, remedy] = splitMessage(message);
  const paragraphs = status === 429 ? [remedy] : [problem, remedy]; // there the headline is the problem
  return {
    headline: headline(status),
    mark: '!',
    paragraphs: paragraphs.filter((text) => text !== ''),
    links: [...(retry ? [retry] : []), { text: 'Go to the start page', href: home }],
    code,
  };
}

function headline(status: number): string {
  if (status === 403) return 'Access denied';
  if (status === 429) return 'Too many sign-ins';
  if (status === 502 || status === 504) return 'The identity provider is not available';
  return status === 404 ? 'Single sign-on is not set up' : 'Sign-in failed';
}

/** A message states the problem; after the first full stop or semicolon it states the remedy. */
function splitMessage(message: string): [problem: string, remedy: string] {
  const [, problem = message, remedy = ''] = /^(.+?[.;])\s+(.+)$/s.exec(message) ?? [];
  return [problem.replace(/;$/, '.'), capitalized(remedy)];
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
