import { escapeLike } from '../../../database/like-pattern.js';

/**
 * A glob as a PostgreSQL LIKE pattern that matches the whole text. `*` matches any number of characters, including
 * none; nothing else is special.
 */
export const likePattern = (glob: string): string => escapeLike(glob).replace(/\*+/g, '%');
