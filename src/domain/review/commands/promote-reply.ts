/** The reply to `/greffier promote`, in Markdown: the production definition, and what is still to be said. */
import { codeSpan, fenceFor } from '#base/i18n/render';
import { shown } from '#domain/definition/fix/corrected-lines';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import { type Promotion, promotedText } from '#domain/registry/promotion';
import type { ReviewTranslator } from '#domain/review/render/messages';

/** GitHub's page for a new file takes its content from the address, as far as browsers and proxies take that. */
const maxAddress = 7_500;

/** Where GitHub shows a new file, filled in; undefined when the address would be too long. */
function newFileUrl(
  repository: { readonly url: string; readonly defaultBranch: string },
  path: string,
  text: string,
): string | undefined {
  const query = new URLSearchParams({ filename: path, value: text });
  const url = `${repository.url}/new/${encodeURIComponent(repository.defaultBranch)}?${query}`;
  // Encoded once more by some sign-in pages on the way.
  return encodeURIComponent(url).length > maxAddress ? undefined : url;
}

/** What the App's own pull request says of itself. @param number where it was asked for, by whom */
export function promotionWords(
  t: ReviewTranslator,
  { place, path }: Promotion,
  login: string,
  number: number,
): { readonly title: string; readonly body: string } {
  const service = { trusted: `${place.network}/${place.environment}/${place.id}` };
  return {
    title: t('promote.title', { service }),
    body: t('promote.body', { path, login, number: { trusted: `#${number}` } }),
  };
}

/**
 * One definition of integration, as production would have it.
 *
 * @param pull the App's own pull request that proposes it; without one, the text is given
 */
export function promoteReply(
  t: ReviewTranslator,
  catalogue: RuleCatalogue,
  repository: { readonly url: string; readonly defaultBranch: string },
  promotion: Promotion,
  pull?: number,
): string {
  const { path, missing, left } = promotion;
  const text = promotedText(promotion);
  const lines = text.trimEnd().split('\n').map(shown);
  const fence = fenceFor(lines);
  const url = pull === undefined ? newFileUrl(repository, path, text) : undefined;
  return [
    pull !== undefined
      ? t('promote.proposed', { path, pull: { trusted: `#${pull}` } })
      : url === undefined
        ? t('promote.file', { path })
        : `${t('promote.file', { path })} [${t('promote.open')}](${url})`,
    ...(missing.length > 0 ? ['', t('promote.missing', { keys: [...missing] })] : []),
    ...(left.length > 0
      ? [
          '',
          t('promote.left'),
          '',
          ...left.map(
            ({ uri, finding }) =>
              `- ${codeSpan(uri)} : ${catalogue.translate(finding.message, t.language, codeSpan)}`,
          ),
        ]
      : []),
    ...(pull === undefined ? ['', `${fence}yaml`, ...lines, fence] : []),
  ].join('\n');
}
