/**
 * The host to which a client is pointed that is to let nobody in, where a provider has no switch for that (RFC 2606: it never
 * resolves). An address there says that a client sleeps, so that no definition may have one.
 */
export const dormantHost = 'greffier.invalid';
