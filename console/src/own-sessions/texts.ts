import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Your sessions',
  text: 'Where you are signed in. End sessions that you do not recognize, and then change your password.',
  device: 'Device',
  on: (browser: string, platform: string) => `${browser} on ${platform}`,
  unknown: 'Unknown device',
  current: 'This device',
  network: 'Network',
  lastUsed: 'Last used',
  now: 'Now',
  signedIn: (time: string) => `Signed in ${time}`,
  end: 'End',
  endTitle: (device: string) => `End the session of ${device}?`,
  endText: 'That device has to sign in again.',
  ended: (device: string) => `The session of ${device} has ended.`,
  everywhere: 'Sign out everywhere',
  everywhereText:
    'All your sessions end, this one included. Access tokens and keys keep working; delete them on their own pages.',
  none: 'You have no other sessions.',
};

const de: typeof en = {
  title: 'Ihre Sitzungen',
  text: 'Wo Sie angemeldet sind. Beenden Sie Sitzungen, die Sie nicht kennen, und ändern Sie dann Ihr Passwort.',
  device: 'Gerät',
  on: (browser, platform) => `${browser} auf ${platform}`,
  unknown: 'Unbekanntes Gerät',
  current: 'Dieses Gerät',
  network: 'Netzwerk',
  lastUsed: 'Zuletzt verwendet',
  now: 'Jetzt',
  signedIn: (time) => `Angemeldet ${time}`,
  end: 'Beenden',
  endTitle: (device) => `Sitzung von ${device} beenden?`,
  endText: 'Dieses Gerät muss sich erneut anmelden.',
  ended: (device) => `Die Sitzung von ${device} ist beendet.`,
  everywhere: 'Überall abmelden',
  everywhereText:
    'Alle Ihre Sitzungen enden, auch diese. Zugriffstoken und Schlüssel funktionieren weiter; löschen Sie sie auf deren Seiten.',
  none: 'Sie haben keine anderen Sitzungen.',
};

export const sessionTexts: PageTexts<typeof en> = { en, de };
