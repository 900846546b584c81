/** Messages for people who type a value itself, and see no file. */
import type { Message } from '#base/i18n/message';

/** The same message with what is to be written as it is typed: the quotes that it has in a file are not part of it. */
export function typedMessage(message: Message): Message {
  const values = Object.entries(message.values).map(([name, value]) => [
    name,
    typeof value === 'string' && /^(?:correction|proposal)$/.test(name)
      ? value.replace(/^"(.*)"$/, '$1')
      : value,
  ]);
  return { ...message, values: Object.fromEntries(values) as Message['values'] };
}
