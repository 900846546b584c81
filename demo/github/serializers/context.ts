/** What the serializers need besides the thing itself: where this GitHub answers, and who is who. */
import type { RuleContext } from '#demo/github/rules';
import type { Account } from '#demo/github/state';

export interface SerializerContext extends RuleContext {
  /** The root of the REST API, without a slash at the end. */
  readonly api: string;
  /** The root of the pages that people see. */
  readonly html: string;
  accountByEmail(email: string): Account | undefined;
}
