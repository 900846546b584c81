/** What a rule says of an answer or an option: nothing of YAML, which whoever gives it never writes. */
import type { Language, Message } from '#base/i18n/message';
import { interpolate, quoteInBackticks } from '#base/i18n/render';
import { typedMessage } from '#domain/definition/typed-message';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import en from '#templates/front-desk.en.json' with { type: 'json' };
import fr from '#templates/front-desk.fr.json' with { type: 'json' };

/** Sentences of rules that say how a value is written in a file: here they are said as the form of the front desk says them. */
const ofFiles = [
  'file/placeholder#siret',
  'siret/format#among',
  'siret/format#other',
  'siret/format#rounded',
  'email/format#eachAlone',
  'email/format#several',
  'url/invalid#several',
  'url/semicolon#several',
  'ip/invalid#range',
  'ip/invalid#several',
  'ip/invalid#wildcard',
] as const;

export function answerMessage(message: Message, language: Language): string {
  const typed = typedMessage(message);
  const key = ofFiles.find((one) => one === message.key);
  return key === undefined
    ? catalogue.translate(typed, language, quoteInBackticks)
    : interpolate({ fr, en }[language][`said.${key}`], typed.values, quoteInBackticks, language);
}
