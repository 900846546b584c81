/** One issue per matter: opened when it comes up, edited while it lasts, closed when it is over. */
import type { TopicStore } from '#application/reconciliation/store/topic-store';
import { digestOf } from '#domain/provisioning/digest';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';

/** What one issue is about, and what it says; `text` is undefined when the issue is to be closed. */
export interface IssueContent {
  readonly topic: string;
  readonly title: string;
  readonly text: string | undefined;
  /** Said when it is closed. */
  readonly over: string;
}

/** By which the issue of a matter says of itself which it is. */
function markerOf(topic: string): string {
  return `<!-- greffier:${topic} -->`;
}

/** The number of the issue of a matter, also where GitHub's answer to its opening was lost, or is on its way. */
export async function issueOfTopic(
  {
    topics,
    issues,
  }: {
    readonly topics: Pick<TopicStore, 'find'>;
    readonly issues?: Pick<IssueTracker, 'findOpen'> | undefined;
  },
  topic: string,
): Promise<number | undefined> {
  const known = (await topics.find(topic))?.issue;
  if (known !== undefined || issues === undefined) return known;
  const found = await issues.findOpen(markerOf(topic));
  return found.ok ? found.value : undefined;
}

/** The digest of what is not known to be there yet. */
const opening = 'opening';

/** Opens, edits or closes the issue of a matter; nothing where it says what it said. */
export async function upsertIssue(
  { topics, issues }: { readonly topics: TopicStore; readonly issues: IssueTracker },
  content: IssueContent,
): Promise<void> {
  const { topic, title, text, over } = content;
  const saved = await topics.find(topic);
  const digest = text === undefined ? '' : digestOf(text);
  if ((saved?.digest ?? '') === digest) return;
  const marker = markerOf(topic);
  const found = await issues.findOpen(marker);
  if (!found.ok) return;
  if (text === undefined) {
    if (found.value !== undefined) await issues.close(found.value, over);
    await topics.save(topic, undefined, '');
    return;
  }
  const body = `${marker}\n\n${text}\n`;
  // Announced before: were the answer lost, and the matter over by the next run, it would stay open for ever.
  if (found.value === undefined) await topics.save(topic, undefined, opening);
  const written =
    found.value === undefined ? await issues.open(title, body) : await issues.edit(found.value, title, body);
  if (!written.ok) return;
  const number = found.value ?? (typeof written.value === 'number' ? written.value : undefined);
  await topics.save(topic, number, digest);
}
