/** What the setup started and the teardown stops; both run in Jest's own process. */
export const running = { postgres: undefined, directory: undefined, hosts: [] };
