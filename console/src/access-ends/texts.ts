import type { PageTexts } from '../texts/texts';

const en = {
  label: 'Access ends',
  never: 'Never',
  presets: {
    friday: 'On Friday',
    week: 'In a week',
    month: 'In a month',
  },
  withTime: (choice: string, time: string) => `${choice} (${time})`,
  at: 'On another day',
  day: 'Day',
  time: 'Time',
  timeZone: (zone: string) => `Time zone: ${zone}`,
  isPast: 'Choose a time in the future.',
  until: (date: string) => `Until ${date}`,
  untilThen: (date: string, role: string) => `Until ${date}, then ${role}`,
  setBy: (who: string) => `, set by ${who}`,
  permanently: 'permanent',
  ended: (date: string) => `Ended ${date}`,
  change: 'Change role and end',
  title: (who: string) => `Role and end of access: ${who}`,
  role: 'Role',
  afterwards: 'Afterwards',
  noAccess: 'No access',
  endText: 'At that moment the membership ends, on all devices and for all access tokens.',
  returnText: 'At that moment the role changes. The membership stays.',
  permanent: (who: string, role: string) => `${who}: ${role}, without an end.`,
  limited: (who: string, role: string, until: string) => `${who}: ${role}. ${until}.`,
  fixed: 'The identity provider gives this membership, and ends it.',
  inWorkspace: 'Change it in the list of this workspace',
  ownEnd: 'To extend it, ask somebody who manages people here.',
  ownRoleEnds: (date: string) =>
    `Your own access ends ${date}. Rights to manage people, groups or keys that you give last until then at most, and you cannot give yourself anything that lasts longer.`,
  kept: 'Is a member already; the end of their access was not changed.',
  keptEnd: (until: string) => `The end of their access was not changed: ${until}`,
  keptEnds: (count: number) =>
    count === 1
      ? '1 person was a member already; the end of their access was not changed.'
      : `${count} people were members already; the ends of their access were not changed.`,
};

const de: typeof en = {
  label: 'Zugang endet',
  never: 'Nie',
  presets: {
    friday: 'Am Freitag',
    week: 'In einer Woche',
    month: 'In einem Monat',
  },
  withTime: (choice, time) => `${choice} (${time})`,
  at: 'An einem anderen Tag',
  day: 'Tag',
  time: 'Uhrzeit',
  timeZone: (zone) => `Zeitzone: ${zone}`,
  isPast: 'Wählen Sie einen Zeitpunkt in der Zukunft.',
  until: (date) => `Bis ${date}`,
  untilThen: (date, role) => `Bis ${date}, dann ${role}`,
  setBy: (who) => `, festgelegt von ${who}`,
  permanently: 'unbefristet',
  ended: (date) => `Beendet ${date}`,
  change: 'Rolle und Ende ändern',
  title: (who) => `Rolle und Ende des Zugangs: ${who}`,
  role: 'Rolle',
  afterwards: 'Danach',
  noAccess: 'Kein Zugang',
  endText: 'In diesem Moment endet die Mitgliedschaft, auf allen Geräten und für alle Zugriffstoken.',
  returnText: 'In diesem Moment wechselt die Rolle. Die Mitgliedschaft bleibt.',
  permanent: (who, role) => `${who}: ${role}, ohne Ende.`,
  limited: (who, role, until) => `${who}: ${role}. ${until}.`,
  fixed: 'Diese Mitgliedschaft gibt und beendet der Identity-Provider.',
  inWorkspace: 'In der Liste dieses Workspace ändern',
  ownEnd: 'Bitten Sie jemanden, der hier Personen verwaltet, wenn Sie länger Zugang brauchen.',
  ownRoleEnds: (date) =>
    `Ihr eigener Zugang endet ${date}. Rechte zum Verwalten von Personen, Gruppen oder Schlüsseln können Sie höchstens bis dahin vergeben; sich selbst können Sie nichts geben, was länger gilt.`,
  kept: 'Ist schon Mitglied; das Ende des Zugangs wurde nicht geändert.',
  keptEnd: (until) => `Das Ende des Zugangs wurde nicht geändert: ${until}`,
  keptEnds: (count) =>
    count === 1
      ? '1 Person war schon Mitglied; das Ende ihres Zugangs wurde nicht geändert.'
      : `${count} Personen waren schon Mitglied; das Ende ihres Zugangs wurde nicht geändert.`,
};

export const endTexts: PageTexts<typeof en> = { en, de };
