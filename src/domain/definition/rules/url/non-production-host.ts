import { definitionsFolder, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf } from './address.ts';

/** A whole label, or its first or last word: `recette.…`, `app-preprod.…`, `review-42.…`, `pr-123.…`. */
const environmentWord =
  /^(?:dev|devel|develop|test|testing|rec|recette|preprod|preproduction|pprod|staging|stage|stg|integ|uat|qualif|qualification|sandbox|bacasable|review|preview|demo|sit|hors-prod|horsprod|nonprod)\d{0,3}$/;

const wholeLabel =
  /^(?:integration|int|qa|rct|qlf|ppr|pre-prod|pre-production|bac-a-sable|developpement)\d{0,3}$/;

const pullRequest = /^(?:pr|mr|review|preview)-?\d+$|^review-|-pr-?\d+$/;

/** Cheap sign that a host may bear such a word. */
const environmentHint =
  /dev|test|rec|prod|stag|stg|int|uat|qua|ql|sand|sable|review|preview|pr-|mr-|demo|form|qa|rct|sit|ppr/;

function environmentLabel(name: string): string | undefined {
  if (!environmentHint.test(name)) return undefined;
  const labels = name.split('.');
  for (let index = 0; index < labels.length - 1; index += 1) {
    const label = labels[index] ?? '';
    if (wholeLabel.test(label) || pullRequest.test(label)) return label;
    const hyphen = label.indexOf('-');
    if (hyphen < 0 ? environmentWord.test(label) : isEnvironmentCompound(label)) return label;
  }
  return undefined;
}

function isEnvironmentCompound(label: string): boolean {
  const words = label.split('-').filter((word) => !/^\d+$/.test(word));
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  return (
    environmentWord.test(last) || (environmentWord.test(first) && !/^(?:formation|stage|demo)/.test(first))
  );
}

export const urlNonProductionHost = definitionRule({
  id: 'url/non-production-host',
  severity: 'warning',
  title: {
    fr: 'L’hôte de production ne porte pas le nom d’un autre environnement',
    en: 'The production host does not bear the name of another environment',
  },
  why: {
    fr: 'Une URL de recette laissée en production donne aux identités réelles un accès à un serveur moins protégé. Les environnements hors production se branchent sur l’intégration.',
    en: 'A test URL left in production gives real identities to a less protected server. Environments other than production are connected to integration.',
  },
  messages: {
    label: {
      fr: 'À lire {label}, {value} n’est peut-être pas la production. Si c’est le cas, mettez ici l’URL de production (ou retirez la ligne si elle y est déjà), et déplacez celle-ci dans {path}, à créer s’il n’existe pas. Sinon, laissez-la.',
      en: '{label} suggests that {value} is not production. If so, put the URL of production here (or remove the line when it is already there), and move this one to {path}, to be created if there is none. If not, leave it.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.developpement-durable.gouv.fr/test/callback\n' },
      { yaml: 'redirect_uris:\n  - https://formation.agence-fictive.gouv.fr/callback\n' },
      {
        yaml: 'redirect_uris:\n  - https://recette.agence-fictive.gouv.fr/callback\n',
        cell: 'internet/integration',
      },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://recette.agence-fictive.gouv.fr/callback\n' },
      { yaml: 'redirect_uris:\n  - https://subventions-preprod.agence-fictive.gouv.fr/callback\n' },
      { yaml: 'redirect_uris:\n  - https://review-42.agence-fictive.gouv.fr/callback\n' },
    ],
  },
  check(partial, report) {
    if (partial.environment !== 'production') return;
    const place = placeFromPath(partial.path);
    const path =
      place === undefined
        ? `${definitionsFolder}/${partial.network ?? 'internet'}/integration/`
        : pathFromPlace({ ...place, environment: 'integration' });
    let last = '';
    let label: string | undefined;
    for (const { pointer, shown, host } of addressesOf(partial)) {
      if (host === undefined || (host.kind !== 'ordinary' && host.kind !== 'shared')) continue;
      const { name } = host;
      // The addresses of a definition mostly share one host.
      if (name !== last) label = environmentLabel(name);
      last = name;
      if (label !== undefined) report({ pointer, messageId: 'label', values: { value: shown, label, path } });
    }
  },
});
