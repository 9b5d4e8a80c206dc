import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { helpPath, type HelpTopic } from '../page/help';
import { type PageTexts, usePageTexts } from '../texts/texts';

const texts: PageTexts<{ howItWorks: string }> = {
  en: { howItWorks: 'How it works' },
  de: { howItWorks: 'So geht es' },
};

/** Leads to the explanation; `of`: what it explains, for screen readers, unless it is in the same sentence. */
export function HelpLink({ topic, of }: { topic: HelpTopic; of?: string }) {
  const { howItWorks } = usePageTexts(texts);
  return (
    <Anchor
      component={Link}
      to={helpPath(topic)}
      inherit
      underline="always"
      className="no-wrap"
      aria-label={of && `${howItWorks}: ${of}`}
    >
      {howItWorks}
    </Anchor>
  );
}
