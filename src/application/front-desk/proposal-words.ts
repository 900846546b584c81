/** What the App writes at GitHub for someone at the front desk. No e-mail address, and nothing that acts. */
import { type Language, languages } from '#base/i18n/message';
import { codeBlock } from '#base/i18n/render';
import { placeFromPath } from '#domain/definition/cell';
import { requestTranslator } from './messages.ts';
import type { StoredRequest } from './request-store.ts';

export interface ProposalWords {
  readonly title: string;
  readonly body: string;
  /** The message of a commit. */
  readonly commit: string;
}

/**
 * In the language of the registry, and the body in both: who reads is unknown, and an edited text would be somebody else's. No
 * link to the page of the request, which shows it to nobody but the person who asks.
 */
export function proposalWords(
  { number, path, wanted }: Pick<StoredRequest, 'number' | 'path' | 'wanted'>,
  language: Language,
): ProposalWords {
  const place = placeFromPath(path);
  const t = requestTranslator(language);
  const values = {
    number,
    service: place === undefined ? path : `${place.network}/${place.environment}/${place.id}`,
  };
  const title = t(wanted === null ? 'pull-title-remove' : 'pull-title', values);
  const both = [language, ...languages.filter((other) => other !== language)];
  const body = both.map((each) => requestTranslator(each)('pull-body')).join('\n\n');
  return { title, body, commit: title };
}

/** An answer as the App posts it: a quote in which nothing is a mention, a link, an image or a command. */
export function answerComment(text: string, language: Language): string {
  const said = codeBlock(text.replace(/\r\n?/g, '\n').split('\n'))
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return `${requestTranslator(language)('answer-intro')}\n\n${said}`;
}
