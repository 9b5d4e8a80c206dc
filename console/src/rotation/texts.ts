import type { PageTexts } from '../texts/texts';

const token = {
  title: (description: string) => `Rotate the token “${description}”`,
  text: 'You get a new token in its place. What it may do and when it expires stay the same.',
  old: 'The old token',
  atOnce: 'Programs that still use it are refused at once. Choose this if somebody else may know it.',
  later: 'Give the new token to your programs by then. Rotating again ends the old one at once.',
  shownOnce: 'This is the new token. It is shown only now: keep it in a safe place.',
  hasEnded: 'The old token no longer works.',
  worksUntil: (time: string) => `The old token works until ${time}.`,
};
const en = {
  rotate: 'Rotate',
  overlaps: ['Ends at once', 'Works for another hour', 'Works for another day', 'Works for another 7 days'],
  key: {
    title: (description: string) => `Rotate the key “${description}”`,
    text: 'You get a new key in its place. What it may do and when it expires stay the same.',
    old: 'The old key',
    atOnce: token.atOnce,
    later: 'Give the new key to your programs by then. Rotating again ends the old one at once.',
    shownOnce: 'This is the new key. It is shown only now: keep it in a safe place.',
    hasEnded: 'The old key no longer works.',
    worksUntil: (time: string) => `The old key works until ${time}.`,
  },
  token,
  scimToken: {
    ...token,
    title: (description: string) => `Rotate the SCIM token “${description}”`,
    atOnce:
      'Your identity provider is refused until it has the new one. Choose this if somebody else may know it.',
    later: 'Enter the new token at your identity provider by then. Rotating again ends the old one at once.',
    shownOnce: 'This is the new token. It is shown only now: enter it at your identity provider.',
  },
  webhook: {
    title: (name: string) => `Rotate the secret of “${name}”`,
    text: 'You get a new secret and a new public key. Everything else stays the same.',
    old: 'The old secret',
    atOnce:
      'Receivers that do not have the new secret or public key refuse what they get. Choose this if somebody else may know it.',
    later:
      'Until then, both secrets sign. Give the new one to your receivers by then. Rotating again ends the old one at once.',
    shownOnce:
      'This is the new secret. It is shown only now: enter it at your receiver. The page shows the new public key.',
    hasEnded: 'The old secret no longer signs.',
    worksUntil: (time: string) => `The old secret signs as well until ${time}.`,
  },
};

const tokenDe: typeof token = {
  title: (description) => `Das Token „${description}“ rotieren`,
  text: 'Sie erhalten ein neues Token an seiner Stelle. Was es darf und wann es abläuft, bleibt gleich.',
  old: 'Das alte Token',
  atOnce:
    'Programme, die es noch verwenden, werden sofort abgewiesen. Wählen Sie das, wenn es jemand anders kennen könnte.',
  later:
    'Hinterlegen Sie das neue Token bis dahin in Ihren Programmen. Erneutes Rotieren beendet das alte sofort.',
  shownOnce: 'Das ist das neue Token. Es wird nur jetzt gezeigt: Bewahren Sie es an einem sicheren Ort auf.',
  hasEnded: 'Das alte Token gilt nicht mehr.',
  worksUntil: (time) => `Das alte Token gilt bis ${time}.`,
};
const de: typeof en = {
  rotate: 'Rotieren',
  overlaps: ['Endet sofort', 'Gilt noch eine Stunde', 'Gilt noch einen Tag', 'Gilt noch 7 Tage'],
  key: {
    title: (description) => `Den Schlüssel „${description}“ rotieren`,
    text: 'Sie erhalten einen neuen Schlüssel an seiner Stelle. Was er darf und wann er abläuft, bleibt gleich.',
    old: 'Der alte Schlüssel',
    atOnce:
      'Programme, die ihn noch verwenden, werden sofort abgewiesen. Wählen Sie das, wenn ihn jemand anders kennen könnte.',
    later:
      'Hinterlegen Sie den neuen Schlüssel bis dahin in Ihren Programmen. Erneutes Rotieren beendet den alten sofort.',
    shownOnce:
      'Das ist der neue Schlüssel. Er wird nur jetzt gezeigt: Bewahren Sie ihn an einem sicheren Ort auf.',
    hasEnded: 'Der alte Schlüssel gilt nicht mehr.',
    worksUntil: (time) => `Der alte Schlüssel gilt bis ${time}.`,
  },
  token: tokenDe,
  scimToken: {
    ...tokenDe,
    title: (description) => `Das SCIM-Token „${description}“ rotieren`,
    atOnce:
      'Ihr Identity-Provider wird abgewiesen, bis er das neue hat. Wählen Sie das, wenn es jemand anders kennen könnte.',
    later:
      'Tragen Sie das neue Token bis dahin bei Ihrem Identity-Provider ein. Erneutes Rotieren beendet das alte sofort.',
    shownOnce:
      'Das ist das neue Token. Es wird nur jetzt gezeigt: Tragen Sie es bei Ihrem Identity-Provider ein.',
  },
  webhook: {
    title: (name) => `Das Geheimnis von „${name}“ rotieren`,
    text: 'Sie erhalten ein neues Geheimnis und einen neuen öffentlichen Schlüssel. Alles andere bleibt gleich.',
    old: 'Das alte Geheimnis',
    atOnce:
      'Empfänger ohne das neue Geheimnis oder den neuen Schlüssel lehnen ab, was sie bekommen. Wählen Sie das, wenn es jemand anders kennen könnte.',
    later:
      'Bis dahin signieren beide. Hinterlegen Sie das neue bis dahin bei Ihren Empfängern. Erneutes Rotieren beendet das alte sofort.',
    shownOnce:
      'Das ist das neue Geheimnis. Es wird nur jetzt gezeigt: Tragen Sie es bei Ihrem Empfänger ein. Den neuen öffentlichen Schlüssel zeigt die Seite.',
    hasEnded: 'Das alte Geheimnis gilt nicht mehr.',
    worksUntil: (time) => `Das alte Geheimnis gilt zusätzlich bis ${time}.`,
  },
};

export const rotationTexts: PageTexts<typeof en> = { en, de };
