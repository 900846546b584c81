/** What the rules on names have in common. */

export const namePointer = '/name';

/** A name is refused for its length long before. */
export const maxNameRead = 400;
