import { addressKey } from '#base/mail-address';
import type { Change } from '#domain/registry/changes';
import { isOwner } from '#domain/registry/owners';
import type { Entry } from '#domain/registry/registry';
import { type ChangeContext, changeRule } from './rule.ts';

/** A definition changed by someone whom its owners, as the default branch names them, did not agree with. */
export const ownerConsent = changeRule({
  id: 'change/owner',
  severity: 'decision',
  title: {
    fr: 'La demande ne vient pas d’un propriétaire de la définition',
    en: 'The change does not come from an owner of the definition',
  },
  why: {
    fr: 'Les propriétaires d’une définition sont ceux que nomme la branche principale. Sans leur accord, n’importe qui pourrait détourner un service en une demande. Un changement de propriétaires demande l’accord de l’un des propriétaires actuels, ou de l’équipe du registre.',
    en: 'The owners of a definition are those that the default branch names. Without their consent anyone could take a service over with one pull request. A change of owners needs the consent of one of the present owners, or of the registry’s team.',
  },
  messages: {
    stranger: {
      fr: '{author} ne fait pas partie des propriétaires de cette définition : {owners}. Demandez à l’un d’eux d’approuver cette demande ; sinon, une personne de l’équipe décidera.',
      en: '{author} is not among the owners of this definition: {owners}. Ask one of them to approve this pull request; otherwise someone from the team will decide.',
    },
    recycled: {
      fr: 'Le compte {author} n’est pas celui qui a été nommé propriétaire de cette définition : l’identifiant a changé de titulaire. Une personne de l’équipe décidera.',
      en: 'The account {author} is not the one that was named owner of this definition: the login has passed to someone else. Someone from the team will decide.',
    },
    handover: {
      fr: 'Les propriétaires changeraient : {owners} aujourd’hui, {wanted} ensuite. Demandez à l’un des propriétaires actuels d’approuver cette demande ; sinon, une personne de l’équipe décidera.',
      en: 'The owners would change: {owners} today, {wanted} afterwards. Ask one of the present owners to approve this pull request; otherwise someone from the team will decide.',
    },
    unknown: {
      fr: 'La définition de la branche principale ne se lit pas, et n’a jamais pu être lue : personne ne sait qui peut la changer. Une personne de l’équipe décidera.',
      en: 'The definition on the default branch cannot be read, and never could be: nobody knows who may change it. Someone from the team will decide.',
    },
    desk: {
      fr: 'Cette définition n’a pas de propriétaire, et la personne qui la change au guichet n’est pas l’un de ses contacts techniques sur la branche principale. Une personne de l’équipe décidera.',
      en: 'This definition has no owner, and whoever changes it at the front desk is none of its technical contacts on the default branch. Someone from the team will decide.',
    },
    nobody: {
      fr: 'Cette définition n’a pas encore de propriétaire, et {author} ne fait pas partie de l’équipe du registre. Une personne de l’équipe vérifiera. Pour vos prochaines demandes, ajoutez vos comptes GitHub sous `owners`.',
      en: 'This definition has no owner yet, and {author} is not of the registry’s team. Someone from the team will have a look. For your next pull requests, add your GitHub logins under `owners`.',
    },
  },
  check(changes, context, report) {
    const { author } = context;
    if (author?.reviewer) return;
    for (const change of changes) {
      if (change.kind === 'added') continue;
      const owners = ownersOf(change.before);
      if (author === undefined) {
        // Without an author, as on a command line, only a change of the owners themselves shows.
        const wanted = change.kind === 'removed' ? owners : ownersOf(change.after);
        if (owners.length > 0 && !isSameList(owners, wanted))
          report(change.path, handover(change, owners, wanted));
        continue;
      }
      if (isContact(change.before, context)) continue;
      if (owners.length === 0) {
        if (change.before.neverRead) report(change.path, { pointer: '', messageId: 'unknown' });
        // Nobody at the desk is the author at GitHub, whom whoever merges would know.
        else if (context.applicant !== undefined) report(change.path, { pointer: '', messageId: 'desk' });
        else if (context.settings.automaticMerge.integration)
          report(change.path, { pointer: '', messageId: 'nobody', values: { author: author.login } });
        continue;
      }
      if (hasConsent(change.before.path, owners, context)) continue;
      const wanted = change.kind === 'removed' ? owners : ownersOf(change.after);
      if (!isSameList(owners, wanted)) report(change.path, handover(change, owners, wanted));
      // By their login they would be an owner, and by their account they are not.
      else if (isOwner(author, owners))
        report(change.path, { pointer: '', messageId: 'recycled', values: { author: author.login } });
      else
        report(change.path, { pointer: '', messageId: 'stranger', values: { author: author.login, owners } });
    }
  },
  examples: {
    good: [
      {
        before: 'owners:\n  - camille-dsi',
        yaml: 'owners:\n  - camille-dsi\n  - lou-dsi',
        context: { author: { login: 'Camille-DSI', id: 1, reviewer: false } },
      },
      {
        before: 'owners:\n  - camille-dsi',
        yaml: 'owners:\n  - lou-dsi',
        context: {
          author: { login: 'lou-dsi', id: 2, reviewer: false },
          approvers: [{ login: 'camille-dsi', id: 1, reviewer: false }],
        },
      },
      {
        before:
          'name: Agenda\nowners:\n  - camille-dsi\ncontacts:\n  technical:\n    - Equipe@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        yaml: 'name: Agenda associatif\nowners:\n  - camille-dsi\ncontacts:\n  technical:\n    - Equipe@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        context: {
          author: { login: 'greffier[bot]', id: 3, reviewer: false },
          applicant: { word: 'own', email: 'equipe@ville-exemple.fr', siret: '13002526500013' },
        },
      },
      { before: 'name: Agenda', yaml: 'name: Agenda associatif' },
      {
        before: 'name: Agenda\nowners:\n  - camille-dsi',
        yaml: 'name: Agenda associatif\nowners:\n  - camille-dsi',
      },
    ],
    bad: [
      {
        before:
          'owners:\n  - camille-dsi\ncontacts:\n  technical:\n    - equipe@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        yaml: 'owners:\n  - camille-dsi\ncontacts:\n  technical:\n    - autre@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        context: {
          author: { login: 'greffier[bot]', id: 3, reviewer: false },
          applicant: { word: 'own', email: 'autre@ville-exemple.fr', siret: '13002526500013' },
        },
        messageIds: ['stranger'],
      },
      {
        before: 'contacts:\n  technical:\n    - equipe@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        yaml: 'contacts:\n  technical:\n    - equipe@ville-exemple.fr\n  support: assistance@ville-exemple.fr',
        context: {
          author: { login: 'greffier[bot]', id: 3, reviewer: false },
          applicant: { word: 'own', email: 'autre@ville-exemple.fr', siret: '13002526500013' },
        },
        messageIds: ['desk'],
      },
      { before: 'owners:\n  - camille-dsi', yaml: 'owners:\n  - lou-dsi', messageIds: ['handover'] },
      {
        before: 'name: Agenda\nowners:\n  - camille-dsi',
        yaml: 'name: Agenda associatif\nowners:\n  - camille-dsi',
        context: { author: { login: 'lou-dsi', id: 2, reviewer: false } },
        messageIds: ['stranger'],
      },
      {
        before: 'name: Agenda\nowners:\n  - camille-dsi',
        yaml: 'name: Agenda associatif\nowners:\n  - camille-dsi',
        context: {
          author: { login: 'camille-dsi', id: 2, reviewer: false },
          ownerAccounts: { 'service-providers/internet/production/mon-service.yaml': { 'camille-dsi': 1 } },
        },
        messageIds: ['recycled'],
      },
      {
        before: 'owners:\n  - camille-dsi',
        yaml: 'owners:\n  - lou-dsi',
        context: { author: { login: 'lou-dsi', id: 2, reviewer: false } },
        messageIds: ['handover'],
      },
    ],
  },
});

/** The logins that a definition names, as they are written there. */
function ownersOf(entry: Entry): readonly string[] {
  return (entry.partial?.owners ?? []).map(({ value }) => value);
}

/** Whether the change was asked for at the front desk by a technical contact of the definition as it stands. */
function isContact({ partial }: Entry, { applicant }: ChangeContext): boolean {
  if (applicant?.word !== 'own') return false;
  const { email } = applicant;
  return (partial?.technicalContacts ?? []).some(({ value }) => addressKey(value) === email);
}

/** Whether one of the owners asks for the change, or approves it. */
function hasConsent(
  path: string,
  owners: readonly string[],
  { author, approvers = [], ownerAccounts = {} }: ChangeContext,
): boolean {
  const accounts = Object.hasOwn(ownerAccounts, path) ? ownerAccounts[path] : undefined;
  return [...(author === undefined ? [] : [author]), ...approvers].some((person) =>
    isOwner(person, owners, accounts),
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  const fold = (list: readonly string[]) => [...new Set(list.map((login) => login.toLowerCase()))].sort();
  return fold(one).join('\n') === fold(other).join('\n');
}

function handover(change: Change, owners: readonly string[], wanted: readonly string[]) {
  return {
    pointer: pointerOfOwners(change),
    at: 'key',
    messageId: 'handover',
    values: { owners, wanted },
  } as const;
}

function pointerOfOwners(change: Change): string {
  return change.kind !== 'removed' && (change.after.partial?.owners.length ?? 0) > 0 ? '/owners' : '';
}
