import type { PageTexts } from '../texts/texts';

/** Why a request to a receiver brought no response, by the codes of the API. */
const codes = {
  address_refused: 'The name does not exist, or its address is not allowed',
  name_not_resolved: 'The name was not found',
  busy: 'Too many requests at once',
  connection_failed: 'No connection',
  tls_failed: 'No secure connection: the certificate is not valid or TLS failed',
  timed_out: 'No response in time',
  invalid_response: 'The response was not valid',
  secrets_unreadable: 'The stored secret cannot be read: replace it',
};
const en = {
  codes: codes as Readonly<Record<string, string>>,
  delivered: (status: string) => `Delivered (${status})`,
  redirected: (status: string) => `Redirected (${status}), which is not followed`,
  answered: (status: string) => `Failed (${status})`,
  noAttempt: 'None yet',
  nextAt: (time: string) => `Again ${time}`,
  address: 'Address',
  addressHint: 'Begins with https:// and can be reached from the internet.',
  description: 'Description',
  enabled: 'Enabled',
  disabled: 'Disabled',
  reasons: {
    admin: (time: string) => `Disabled since ${time}.`,
    gone: (time: string) => `Disabled on ${time}, because the receiver said that it is gone (410).`,
    failures: (time: string) =>
      `Disabled on ${time}, because an event could not be delivered in 10 attempts within 3 days.`,
  },
  ownerGone: 'No active owner',
  exceedsOwner: 'Owner is no longer an admin',
  lastAttempt: 'Last attempt',
  enable: 'Enable',
  disable: 'Disable',
  sendTest: 'Send a test',
  testing: 'A test is being sent …',
  testDone: (result: string) => `Test: ${result}`,
  create: 'Create',
  change: 'Change',
  remove: 'Delete',
};

const de: typeof en = {
  codes: {
    address_refused: 'Den Namen gibt es nicht, oder seine Adresse ist nicht erlaubt',
    name_not_resolved: 'Der Name wurde nicht gefunden',
    busy: 'Zu viele Anfragen auf einmal',
    connection_failed: 'Keine Verbindung',
    tls_failed: 'Keine sichere Verbindung: Das Zertifikat ist nicht gültig oder TLS ist gescheitert',
    timed_out: 'Keine Antwort in der vorgesehenen Zeit',
    invalid_response: 'Die Antwort war nicht gültig',
    secrets_unreadable: 'Das gespeicherte Geheimnis kann nicht gelesen werden: Ersetzen Sie es',
  } satisfies typeof codes,
  delivered: (status) => `Zugestellt (${status})`,
  redirected: (status) => `Weitergeleitet (${status}); dem wird nicht gefolgt`,
  answered: (status) => `Gescheitert (${status})`,
  noAttempt: 'Noch keiner',
  nextAt: (time) => `Wieder ${time}`,
  address: 'Adresse',
  addressHint: 'Beginnt mit https:// und ist aus dem Internet erreichbar.',
  description: 'Beschreibung',
  enabled: 'Eingeschaltet',
  disabled: 'Ausgeschaltet',
  reasons: {
    admin: (time) => `Ausgeschaltet seit ${time}.`,
    gone: (time) =>
      `Ausgeschaltet am ${time}, weil der Empfänger gemeldet hat, dass es ihn nicht mehr gibt (410).`,
    failures: (time) =>
      `Ausgeschaltet am ${time}, weil ein Ereignis in 10 Versuchen innerhalb von 3 Tagen nicht zugestellt werden konnte.`,
  },
  ownerGone: 'Kein aktiver Besitzer',
  exceedsOwner: 'Besitzer ist kein Admin mehr',
  lastAttempt: 'Letzter Versuch',
  enable: 'Einschalten',
  disable: 'Ausschalten',
  sendTest: 'Test senden',
  testing: 'Ein Test wird gesendet …',
  testDone: (result) => `Test: ${result}`,
  create: 'Erstellen',
  change: 'Ändern',
  remove: 'Löschen',
};

export const receiverTexts: PageTexts<typeof en> = { en, de };
