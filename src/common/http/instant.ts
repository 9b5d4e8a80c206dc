const ENDS_WITH_ZONE = /(z|[+-]\d\d:?(\d\d)?)$/i;

/** Without a zone it is UTC, as for the original; JavaScript would take the machine's own. */
export const toInstant = (text: string): Date => new Date(ENDS_WITH_ZONE.test(text) ? text : `${text}Z`);
