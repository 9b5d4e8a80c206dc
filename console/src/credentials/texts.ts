import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Credentials',
  text: 'All keys and tokens that work now. See whose they are, and revoke those that are no longer needed.',
  forAdmins: 'You see service keys. Access tokens and SCIM tokens are shown to admins of the organization.',
  filter: 'Filters',
  kind: 'Kind',
  anyKind: 'All kinds',
  use: 'Last used',
  anyUse: 'At any time',
  unusedFor: (days: number) => `Not for ${days} days`,
  neverUsed: 'Never',
  end: 'Expires',
  anyEnd: 'At any time',
  endsIn: (days: number) => `Within ${days} days`,
  neverEnds: 'Never',
  owner: 'Owner',
  anyOwner: 'Anyone',
  clearOwner: 'Show all owners',
  noOwnerFound: 'No member found',
  onlyGone: 'Only without an active owner',
  gone: 'No active owner',
  formerMember: 'A former member',
  unknownOwner: 'Unknown',
  createdWith: {
    personal_access_token: 'created with an access token',
    service_key: 'created with a service key',
  },
  created: (date: string) => `Created ${date}`,
  reach: 'Access to',
  ofOwner: 'What the owner may access',
  provisioning: 'Provisioning',
  wholeOrganization: 'The whole organization',
  nowhere: 'No workspace, all were deleted',
  select: 'Select',
  selectRow: (what: string) => `Select ${what}`,
  selectShown: 'Select all shown',
  selected: (count: number) => `${count} selected`,
  revoke: 'Revoke',
  revokeSelected: 'Revoke selected',
  revokeMatching: 'Revoke all that match',
  more: 'Show more',
  none: 'There are no keys and tokens yet. They appear here once somebody creates one.',
  noneMatch: 'No key or token matches the filters.',
  removeFilters: 'Remove the filters',
  askTitle: (count: number) =>
    count === 1 ? 'Revoke this key or token?' : `Revoke ${count} keys and tokens?`,
  nothingTitle: 'Nothing can be revoked',
  askText:
    'They stop working at once. Service keys and SCIM tokens are deleted; access tokens are revoked and can be reinstated through the API.',
  listed: 'What stops working:',
  andMore: (count: number) => `and ${count} more`,
  further: (count: number) =>
    count === 1
      ? 'One more access token stops working, because it was created with one of these.'
      : `${count} more access tokens stop working, because they were created with these.`,
  hasMore: 'More match than can be revoked at once. Repeat this for the next ones.',
  refused: 'What stays',
  wideKeysStay: 'Keys for the whole organization are revoked by its admins only.',
  revokeCount: (count: number) => `Revoke ${count}`,
  done: (count: number) =>
    count === 1 ? 'One key or token was revoked.' : `${count} keys and tokens were revoked.`,
  checking: 'Checking what would be revoked …',
};

const de: typeof en = {
  title: 'Zugangsdaten',
  text: 'Alle Schlüssel und Token, die zurzeit gelten. Sehen Sie, wem sie gehören, und widerrufen Sie, was nicht mehr gebraucht wird.',
  forAdmins: 'Sie sehen Dienstschlüssel. Zugriffstoken und SCIM-Token sehen nur Admins der Organisation.',
  filter: 'Filter',
  kind: 'Art',
  anyKind: 'Alle Arten',
  use: 'Zuletzt verwendet',
  anyUse: 'Beliebig',
  unusedFor: (days) => `Seit ${days} Tagen nicht`,
  neverUsed: 'Nie',
  end: 'Läuft ab',
  anyEnd: 'Beliebig',
  endsIn: (days) => `In den nächsten ${days} Tagen`,
  neverEnds: 'Nie',
  owner: 'Besitzer',
  anyOwner: 'Alle',
  clearOwner: 'Alle Besitzer zeigen',
  noOwnerFound: 'Kein Mitglied gefunden',
  onlyGone: 'Nur ohne aktiven Besitzer',
  gone: 'Kein aktiver Besitzer',
  formerMember: 'Ein früheres Mitglied',
  unknownOwner: 'Unbekannt',
  createdWith: {
    personal_access_token: 'mit einem Zugriffstoken erstellt',
    service_key: 'mit einem Dienstschlüssel erstellt',
  },
  created: (date) => `Erstellt am ${date}`,
  reach: 'Zugriff auf',
  ofOwner: 'Was der Besitzer darf',
  provisioning: 'Provisionierung',
  wholeOrganization: 'Die ganze Organisation',
  nowhere: 'Keinen Workspace, alle wurden gelöscht',
  select: 'Auswählen',
  selectRow: (what) => `${what} auswählen`,
  selectShown: 'Alle gezeigten auswählen',
  selected: (count) => `${count} ausgewählt`,
  revoke: 'Widerrufen',
  revokeSelected: 'Ausgewählte widerrufen',
  revokeMatching: 'Alle passenden widerrufen',
  more: 'Mehr zeigen',
  none: 'Es gibt noch keine Schlüssel und Token. Sie erscheinen hier, sobald jemand welche erstellt.',
  noneMatch: 'Zu den Filtern passt kein Schlüssel oder Token.',
  removeFilters: 'Filter entfernen',
  askTitle: (count) =>
    count === 1
      ? 'Diesen Schlüssel oder dieses Token widerrufen?'
      : `${count} Schlüssel und Token widerrufen?`,
  nothingTitle: 'Nichts kann widerrufen werden',
  askText:
    'Sie gelten sofort nicht mehr. Dienstschlüssel und SCIM-Token werden gelöscht; Zugriffstoken werden widerrufen und können über die API wieder zugelassen werden.',
  listed: 'Was nicht mehr gilt:',
  andMore: (count) => `und ${count} weitere`,
  further: (count) =>
    count === 1
      ? 'Ein weiteres Zugriffstoken gilt nicht mehr, weil es mit einem von diesen erstellt wurde.'
      : `${count} weitere Zugriffstoken gelten nicht mehr, weil sie mit diesen erstellt wurden.`,
  hasMore: 'Es passen mehr, als auf einmal widerrufen werden können. Wiederholen Sie dies für die nächsten.',
  refused: 'Was bleibt',
  wideKeysStay: 'Schlüssel für die ganze Organisation widerrufen nur ihre Admins.',
  revokeCount: (count) => `${count} widerrufen`,
  done: (count) =>
    count === 1
      ? 'Ein Schlüssel oder Token wurde widerrufen.'
      : `${count} Schlüssel und Token wurden widerrufen.`,
  checking: 'Es wird geprüft, was widerrufen würde …',
};

export const credentialTexts: PageTexts<typeof en> = { en, de };
