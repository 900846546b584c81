/** The code of errors that say: a system outside gave no answer that can be relied on; it is to be asked again. */
export const unknownAnswerCode = 'UNKNOWN_ANSWER';
