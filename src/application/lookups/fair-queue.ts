/** Turns at something that takes time, shared between those who ask: nobody waits for all that another one wants. */

interface Question {
  readonly begin: () => void;
  begun: boolean;
}

export class FairQueue {
  readonly #maxAtOnce: number;
  #running = 0;
  /** What waits, by who asks; who has had a turn goes to the end. */
  readonly #waiting = new Map<string, Question[]>();
  /** What waits or runs, by its key. */
  readonly #answers = new Map<string, { readonly question: Question; readonly answer: Promise<unknown> }>();

  constructor(maxAtOnce: number) {
    this.#maxAtOnce = maxAtOnce;
  }

  /**
   * Runs something when it is the asker's turn. Whoever asks for the same meanwhile shares the answer, at the turn of
   * whichever of them comes first.
   *
   * @param key what is asked: the same for those who would be answered the same
   */
  ask<T>(asker: string, key: string, run: () => Promise<T>): Promise<T> {
    const same = this.#answers.get(key);
    if (same !== undefined) {
      if (!same.question.begun) this.#wait(asker, same.question);
      // One key is only ever asked in one way.
      return same.answer as Promise<T>;
    }
    const turn = Promise.withResolvers<void>();
    const question = { begin: turn.resolve, begun: false };
    const answer = turn.promise.then(run).finally(() => {
      this.#answers.delete(key);
      this.#running -= 1;
      this.#next();
    });
    this.#answers.set(key, { question, answer });
    this.#wait(asker, question);
    return answer;
  }

  #wait(asker: string, question: Question): void {
    const own = this.#waiting.get(asker);
    if (own === undefined) this.#waiting.set(asker, [question]);
    else own.push(question);
    this.#next();
  }

  #next(): void {
    while (this.#running < this.#maxAtOnce) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [asker, own] = first;
      const question = own.shift();
      this.#waiting.delete(asker);
      if (own.length > 0) this.#waiting.set(asker, own);
      if (question === undefined || question.begun) continue;
      question.begun = true;
      this.#running += 1;
      question.begin();
    }
  }
}
