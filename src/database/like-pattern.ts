/** A pattern of LIKE that matches this text alone. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** A pattern of LIKE for texts that contain `part`, in which no character is special. */
export const containing = (part: string): string => `%${escapeLike(part)}%`;
