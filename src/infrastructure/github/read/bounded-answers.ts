/** Answers that hold the text of a file, of which no more is ever read than a definition may have. */
import { statusOf } from '#infrastructure/github/client/repository-client';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';

/** Bytes: enough for the longest definition in base64, wrapped, with the words around it. */
const maxAnswer = 128 * 1024;

/** To be given with a request: its body is read here, and not by who sends it. */
export const unread = { parseSuccessResponseBody: false } as const;

/** GitHub refuses what is over 100 MB. */
export async function unlessTooLarge<Answer>(request: Promise<Answer>): Promise<Answer | 'too-large'> {
  return request.catch((problem: unknown) => {
    if (statusOf(problem) === 403 && /too large/i.test(String(problem))) return 'too-large' as const;
    throw problem;
  });
}

/** @param answer `unread` */
export async function boundedJson<Body>(answer: { readonly data: unknown }): Promise<Body | 'too-large'> {
  const text = await readBoundedText(answer.data as ReadableStream<Uint8Array>, maxAnswer);
  return text === undefined ? 'too-large' : (JSON.parse(text) as Body);
}
