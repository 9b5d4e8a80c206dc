import type { PageTexts } from '../texts/texts';

const en = {
  deleteByMember: 'Also delete the keys, SCIM tokens, webhooks and log streams that they created',
  endByMember:
    'Also end the keys, tokens, webhooks and log streams that they created, and their applications',
  deleteWithIt: 'Also delete the keys, SCIM tokens, webhooks and log streams that were created with it',
  otherwise: 'Otherwise they keep working.',
  list: 'What would end',
  none: 'There are none that you can see.',
  someUnseen: 'Access tokens and applications of other members are shown to organization admins only.',
  notRead: 'Not all of them could be read.',
  nothingWithScim: 'Nothing else ends: no keys or tokens are created with a SCIM token.',
  kinds: {
    service_key: 'Service key',
    personal_access_token: 'Access token',
    application: 'Application',
    scim_token: 'SCIM token',
    webhook: 'Webhook',
    log_stream: 'Log stream',
  },
  lowerTitle: (who: string) => `Lower the role of ${who}?`,
  lowerText: (role: string) =>
    `The new role is ${role}. Their access tokens and applications follow it; service keys, SCIM tokens, webhooks and log streams do not.`,
  lower: 'Change the role',
};

const de: typeof en = {
  deleteByMember:
    'Auch die Schlüssel, SCIM-Token, Webhooks und Log-Streams löschen, die diese Person erstellt hat',
  endByMember:
    'Auch die Schlüssel, Token, Webhooks und Log-Streams beenden, die diese Person erstellt hat, und den Zugriff ihrer Anwendungen',
  deleteWithIt: 'Auch die Schlüssel, SCIM-Token, Webhooks und Log-Streams löschen, die damit erstellt wurden',
  otherwise: 'Sonst funktionieren sie weiter.',
  list: 'Was enden würde',
  none: 'Es gibt keine, die Sie sehen können.',
  someUnseen: 'Zugriffstoken und Anwendungen anderer Mitglieder sehen nur Admins der Organisation.',
  notRead: 'Nicht alle konnten gelesen werden.',
  nothingWithScim: 'Sonst endet nichts: Mit einem SCIM-Token werden keine Schlüssel oder Token erstellt.',
  kinds: {
    service_key: 'Dienstschlüssel',
    personal_access_token: 'Zugriffstoken',
    application: 'Anwendung',
    scim_token: 'SCIM-Token',
    webhook: 'Webhook',
    log_stream: 'Log-Stream',
  },
  lowerTitle: (who) => `Die Rolle von ${who} senken?`,
  lowerText: (role) =>
    `Die neue Rolle ist ${role}. Zugriffstoken und Anwendungen folgen ihr; Dienstschlüssel, SCIM-Token, Webhooks und Log-Streams nicht.`,
  lower: 'Rolle ändern',
};

export const createdTexts: PageTexts<typeof en> = { en, de };
