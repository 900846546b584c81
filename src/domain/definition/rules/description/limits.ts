/** What the rules on descriptions have in common. */

export const descriptionPointer = '/description';

export const maxDescriptionLength = 240;

/** What is far too long is not read any further. */
export const maxDescriptionRead = 1000;
