/** Nothing was done for one person; the message says why, in the language of the reader. */
export class NotDone extends Error {}
