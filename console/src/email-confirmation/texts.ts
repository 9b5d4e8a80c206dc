import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Confirm your e-mail address',
  text: 'You have opened the link of a mail that was sent to you. Confirm that the address of your account is yours.',
  confirm: 'Confirm the address',
  noToken: 'This page needs a link from a mail.',
  doneTitle: 'Your e-mail address is confirmed',
  doneText: 'Sign in again to get the access that was waiting for this.',
};

const de: typeof en = {
  title: 'E-Mail-Adresse bestätigen',
  text: 'Sie haben den Link einer E-Mail geöffnet, die an Sie gesendet wurde. Bestätigen Sie, dass die Adresse Ihres Kontos Ihnen gehört.',
  confirm: 'Adresse bestätigen',
  noToken: 'Diese Seite braucht einen Link aus einer E-Mail.',
  doneTitle: 'Ihre E-Mail-Adresse ist bestätigt',
  doneText: 'Melden Sie sich erneut an, um Zugang zu erhalten, der darauf gewartet hat.',
};

export const confirmationTexts: PageTexts<typeof en> = { en, de };
