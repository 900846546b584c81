/**
 * Whether a live service still lives: its contacts are asked once a period, reminded once, and their silence is told to those
 * who keep the registry. Nothing is ever taken away for it. Pure: the clock is given.
 */

/** What is remembered of a client. Moments are milliseconds since 1970. */
export interface Recertification {
  /** Of its definition, when it was last looked at. */
  readonly blob?: string;
  /** When it was provisioned, confirmed, or changed by a pull request, whichever was last. */
  readonly from: number;
  /** When its contacts were asked last; absent once they answered. */
  readonly asked?: number;
  readonly reminded?: number;
  /** When their silence was told. */
  readonly silent?: number;
  /** The comment that answered last: what it says is not said twice. */
  readonly comment?: number;
}

export type RecertificationStep = 'asked' | 'reminded' | 'silent';

/** Days after the question in which contacts are reminded, and in which their silence is told. */
const remindAfter = 14;
const silentAfter = 30;

const day = 86_400_000;

/** What is due now; undefined when nothing is. @param period days */
export function recertificationStep(
  { from, asked, reminded, silent }: Recertification,
  now: number,
  period: number,
): RecertificationStep | undefined {
  if (asked === undefined) return now >= from + period * day ? 'asked' : undefined;
  if (now >= asked + period * day) return 'asked';
  if (reminded === undefined) return now >= asked + remindAfter * day ? 'reminded' : undefined;
  // Whoever is reminded late, since Greffier was down, has as many days to answer as anyone.
  const patience = Math.max(asked + silentAfter * day, reminded + (silentAfter - remindAfter) * day);
  return silent === undefined && now >= patience ? 'silent' : undefined;
}

/** The same client once that was done. */
export function afterStep(known: Recertification, step: RecertificationStep, now: number): Recertification {
  const { reminded: _, ...rest } = known;
  return step === 'asked' ? { ...rest, asked: now } : { ...known, [step]: now };
}

/** By when an answer is asked for; undefined when none is. */
export function answerBy({ asked }: Recertification): number | undefined {
  return asked === undefined ? undefined : asked + silentAfter * day;
}

/** A client whose contacts have not answered yet. */
export interface AskedClient {
  /** `network/environment/id`. */
  readonly client: string;
  readonly asked: number;
  readonly answerBy: number;
  readonly isSilent: boolean;
  /** The pull request that brought its definition, where it is asked about. */
  readonly pull?: number;
}
