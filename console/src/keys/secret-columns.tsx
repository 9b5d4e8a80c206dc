import { Badge, Group, Text } from '@mantine/core';
import { type RowAction, RowMenu } from '../common/row-menu';
import { type PageTexts, useDates, usePageTexts, useTexts } from '../texts/texts';
import type { SimpleColumn } from '../common/simple-table';

type Maker = {
  readonly created_by?: string | null;
  readonly created_by_ls_user_id?: string | null;
  readonly created_with?: { readonly kind: 'session' | 'personal_access_token' | 'service_key' } | null;
  /** Whether it allows more than its creator may do now. */
  readonly exceeds_creator?: boolean | null;
};

export type Secret = Maker & {
  readonly description?: string;
  readonly created_at?: string | null;
  readonly last_used_at?: string | null;
  readonly expires_at?: string | null;
  readonly revoked_at?: string | null;
};

const en = {
  by: (who: string) => `By ${who}`,
  byFormerMember: 'By a former member',
  byUnknown: 'Creator unknown',
  withSecret: { personal_access_token: 'with an access token', service_key: 'with a service key' },
  exceeds: 'Allows more than its creator may do now',
  lastUsed: (date: string) => `Last used ${date}`,
  neverUsed: 'Never used',
  expires: (date: string) => `Expires ${date}`,
  neverExpires: 'Never expires',
};
const de: typeof en = {
  by: (who) => `Von ${who}`,
  byFormerMember: 'Von einem früheren Mitglied',
  byUnknown: 'Ersteller unbekannt',
  withSecret: { personal_access_token: 'mit einem Zugriffstoken', service_key: 'mit einem Dienstschlüssel' },
  exceeds: 'Erlaubt mehr, als der Ersteller zurzeit darf',
  lastUsed: (date) => `Zuletzt verwendet ${date}`,
  neverUsed: 'Nie verwendet',
  expires: (date) => `Läuft ab ${date}`,
  neverExpires: 'Läuft nie ab',
};
const secretTexts: PageTexts<typeof en> = { en, de };

export const isExpired = ({ expires_at: at }: Secret): boolean =>
  at ? new Date(at).getTime() < Date.now() : false;

type NameProps = { secret: Secret; start: string | undefined; hasMaker?: boolean };

/** The first column of keys and tokens: what it is for, how it begins, and on narrow screens what other columns say. */
export function SecretName({ secret, start, hasMaker = false }: NameProps) {
  const { keys } = useTexts();
  const texts = usePageTexts(secretTexts);
  const date = useDates();
  const { description, expires_at: expiresAt, last_used_at: usedAt, revoked_at: revokedAt } = secret;
  const ended = revokedAt ? keys.revoked : isExpired(secret) ? keys.expired : null;
  const used = usedAt ? texts.lastUsed(date(usedAt)) : texts.neverUsed;
  const expires = expiresAt ? texts.expires(date(expiresAt)) : texts.neverExpires;
  return (
    <>
      <Group gap="xs">
        <Text size="sm" fw={500} className="wrapped">
          {description}
        </Text>
        {ended && (
          <Badge color="red" variant="light" tt="none" style={{ flexShrink: 0 }}>
            {ended}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" ff="monospace" className="wrapped">
        {start}
      </Text>
      {hasMaker && (
        <Text component="div" size="xs" c="dimmed" hiddenFrom="lg">
          <MadeBy secret={secret} />
        </Text>
      )}
      <Text size="xs" c="dimmed" hiddenFrom="sm">
        {used} · {expires}
      </Text>
      {secret.exceeds_creator && (
        <Text size="xs" fw={500}>
          {texts.exceeds}
        </Text>
      )}
    </>
  );
}

/** Who created it, and with what. */
export function MadeBy({ secret }: { secret: Maker }) {
  const texts = usePageTexts(secretTexts);
  const { created_by: email, created_by_ls_user_id: userId, created_with: made } = secret;
  const who = email ? texts.by(email) : userId ? texts.byFormerMember : texts.byUnknown;
  const how = made && made.kind !== 'session' ? `, ${texts.withSecret[made.kind]}` : '';
  return <span className="wrapped">{who + how}</span>;
}

type Columns<Row> = {
  /** Null where there is nothing to do. */
  actionsOf: ((row: Row) => RowAction[]) | null;
  hasMaker?: boolean;
};

/** When it was created and used, when it ends, and a menu. */
export function useSecretColumns<Row extends Secret>({
  actionsOf,
  hasMaker = false,
}: Columns<Row>): SimpleColumn<Row>[] {
  const { common, keys } = useTexts();
  const date = useDates();
  const or = (time: string | null | undefined, text: string) => (
    <Text size="sm">{time ? date(time) : text}</Text>
  );
  const columns: SimpleColumn<Row>[] = [
    {
      label: keys.created,
      visibleFrom: hasMaker ? 'lg' : 'xl',
      width: hasMaker ? 190 : 125,
      cell: (row) => (
        <>
          {or(row.created_at, '–')}
          {hasMaker && (
            <Text component="div" size="xs" c="dimmed">
              <MadeBy secret={row} />
            </Text>
          )}
        </>
      ),
    },
    {
      label: keys.lastUsed,
      visibleFrom: 'sm',
      width: 125,
      cell: ({ last_used_at: at }) => or(at, keys.neverUsed),
    },
    {
      label: keys.expires,
      visibleFrom: 'sm',
      width: 125,
      cell: ({ expires_at: at }) => or(at, keys.neverExpires),
    },
  ];
  if (!actionsOf) return columns;
  const actions: SimpleColumn<Row> = {
    label: common.actionsColumn,
    width: 52,
    isUnseen: true,
    cell: (row) => <RowMenu who={row.description ?? ''} actions={actionsOf(row)} />,
  };
  return [...columns, actions];
}
