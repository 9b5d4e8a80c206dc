import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Your access',
  text: 'Who you are here, how you signed in, and what gave you your roles.',
  you: 'You',
  signedInWith: 'You can sign in with',
  organization: 'Organization',
  why: 'Why you have access',
  noMember: 'You are not a member of this organization.',
  providers: {
    email: 'E-mail address and password',
    'custom-oidc': 'Your identity provider (single sign-on)',
  } as Record<string, string>,
};

const de: typeof en = {
  title: 'Ihr Zugang',
  text: 'Wer Sie hier sind, wie Sie sich anmelden und was Ihnen Ihre Rollen gegeben hat.',
  you: 'Sie',
  signedInWith: 'Sie können sich anmelden mit',
  organization: 'Organisation',
  why: 'Warum Sie Zugang haben',
  noMember: 'Sie sind kein Mitglied dieser Organisation.',
  providers: {
    email: 'E-Mail-Adresse und Passwort',
    'custom-oidc': 'Ihrem Identity-Provider (Single Sign-on)',
  },
};

export const ownAccessTexts: PageTexts<typeof en> = { en, de };
