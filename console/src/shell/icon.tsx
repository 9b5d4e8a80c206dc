/** Of a grid of 24 by 24, drawn as lines. */
const PATHS = {
  overview: 'M4 4h7v7H4z M15 4h5v5h-5z M15 13h5v7h-5z M4 15h7v5H4z',
  members:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M2 21v-1a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v1 M16 3.3a4 4 0 0 1 0 7.4 M22 21v-1a5 5 0 0 0-3.5-4.8',
  groups:
    'M12 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M5 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M19 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M12 8v4 M5 16v-2a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v2',
  requests:
    'M4 13l2-7a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2l2 7v5a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z M4 13h4.5l1.5 3h4l1.5-3H20',
  roles: 'M12 3l8 3v5c0 5-3.5 8.5-8 10-4.5-1.5-8-5-8-10V6z M8.5 12l2.5 2.5 4.5-4.5',
  signIn: 'M13 4h5a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-5 M4 12h11 M11 8l4 4-4 4',
  provisioning: 'M20 10a8 8 0 0 0-14.5-3L4 9 M4 4v5h5 M4 14a8 8 0 0 0 14.5 3l1.5-2 M20 20v-5h-5',
  keys: 'M8 20a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M11.2 12.3 20 3.5 M16 7.5l3 3',
  applications: 'M4 4h6v6H4z M14 4h6v6h-6z M4 14h6v6H4z M17 14v6 M14 17h6',
  webhooks: 'M21 3 10 14 M21 3l-6.5 18-4.5-7-7-4.5z',
  logStreams: 'M4 6h16 M4 12h9 M4 18h6 M17 12v8 M13.5 16.5 17 20l3.5-3.5',
  workspaces: 'M12 3l9 5-9 5-9-5z M3 12l9 5 9-5 M3 16l9 5 9-5',
  settings:
    'M4 7h7 M17 7h3 M4 17h3 M13 17h7 M14 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M10 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  auditLog:
    'M8 5H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1h-2 M8 3h8v4H8z M9 12h6 M9 16h4',
  access: 'M5 11h14v10H5z M8 11V7a4 4 0 0 1 8 0v4 M12 15v2',
  ask: 'M4 4h16v13h-8l-5 4v-4H4z M8 9h8 M8 13h5',
  profile: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21v-1a5 5 0 0 1 5-5h6a5 5 0 0 1 5 5v1',
  sessions: 'M3 5h18v11H3z M8 20h8 M12 16v4',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7 M12 16.5v.5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M16 16l5 5',
  reference: 'M8 7l-5 5 5 5 M16 7l5 5-5 5 M14 4l-4 16',
};

export type IconName = keyof typeof PATHS;

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={1.75}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden
  >
    <path d={PATHS[name]} />
  </svg>
);
