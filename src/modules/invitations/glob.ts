/**
 * A glob as PostgreSQL's LIKE pattern, which covers the whole text: `*` stands for any characters, also for none, and
 * nothing else is special.
 */
export const likePattern = (glob: string): string => glob.replace(/[\\%_]/g, '\\$&').replace(/\*+/g, '%');
