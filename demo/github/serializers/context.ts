/** What the serializers need besides the thing itself: where this GitHub answers, and who is who. */
import type { Account, App } from '#demo/github/state';

export interface SerializerContext {
  /** The root of the REST API, without a slash at the end. */
  readonly api: string;
  /** The root of the pages that people see. */
  readonly html: string;
  readonly app: App;
  accountByEmail(email: string): Account | undefined;
}
