/** The settings of a server with every described route. No browser comes to its public address. */
export const AUTHORIZATION_SERVER = {
  AUTHORIZATION_SERVER_ENABLED: 'true',
  LANGSMITH_URL: 'http://127.0.0.1',
};
