import { type FormerDefinition, formerDefinition } from '#domain/registry/former-definition';
import { isOwner } from '#domain/registry/owners';
import { type ChangeContext, changeRule } from './rule.ts';

const examplePath = 'service-providers/internet/production/mon-service.yaml';

/** A path whose client still exists: whoever brings it back gets that client, and whoever is its contact the keys. */
export const definitionReturned = changeRule({
  id: 'change/returned',
  severity: 'decision',
  title: {
    fr: 'Le client de cette définition existe déjà',
    en: 'The client of this definition exists already',
  },
  why: {
    fr: 'Une définition qui arrive là où un client existe (elle vient d’être retirée, et il n’est supprimé qu’après un délai ; ou l’équipe y a rattaché un client d’avant Greffier) reçoit ce client, avec le même identifiant et le même secret : il ne doit pas changer de mains au passage.',
    en: 'A definition that arrives where a client exists (it was just removed, and its client is deleted after a delay only; or the team adopted a client from before Greffier) gets that client, with the same id and the same secret: it must not change hands on the way.',
  },
  messages: {
    returned: {
      fr: '{value} a été retiré, et son client existe encore : la fusion le rendrait, avec les mêmes clés, aux contacts de cette demande. Ses derniers propriétaires : {owners}. Une personne de l’équipe vérifiera auprès d’eux. Pour un nouveau service, choisissez un autre nom de fichier.',
      en: '{value} was removed, and its client still exists: the merge would give it, with the same keys, to the contacts of this pull request. Its last owners: {owners}. Someone from the team will check with them. For a new service choose another file name.',
    },
    ownerless: {
      fr: '{value} a été retiré, et son client existe encore : la fusion le rendrait, avec les mêmes clés, aux contacts de cette demande. Il n’avait pas de propriétaire : une personne de l’équipe vérifiera d’où vient la demande. Pour un nouveau service, choisissez un autre nom de fichier.',
      en: '{value} was removed, and its client still exists: the merge would give it, with the same keys, to the contacts of this pull request. It had no owner: someone from the team will check where the request comes from. For a new service choose another file name.',
    },
    unknown: {
      fr: 'Un client existe encore pour {value}, et rien ne dit plus à qui il était : la fusion le rendrait, avec les mêmes clés, aux contacts de cette demande. Une personne de l’équipe vérifiera. Pour un nouveau service, choisissez un autre nom de fichier.',
      en: 'A client still exists for {value}, and nothing tells any more whose it was: the merge would give it, with the same keys, to the contacts of this pull request. Someone from the team will check. For a new service choose another file name.',
    },
    adopted: {
      fr: 'Le client décrit par {value} existe déjà : l’équipe l’a rattaché à cette définition (greffier adopt), et il garde son identifiant et ses clés. Vérifiez que ce service est bien celui de cette organisation, et que ses contacts peuvent en recevoir les clés.',
      en: 'The client of {value} exists already: the team tied it to this definition (greffier adopt), and it keeps its identifier and its keys. Check that this service is indeed of this organization, and that its contacts may get its keys.',
    },
    changed: {
      fr: '{value} revient avec d’autres contacts ou d’autres URL, et les mêmes clés. Remettez-le d’abord tel qu’il était, et changez-le par une autre demande ; sinon, une personne de l’équipe décidera.',
      en: '{value} comes back with other contacts or other URLs, and the same keys. Put it back as it was first, and change it by another pull request; otherwise someone from the team will decide.',
    },
  },
  check(changes, { author, returning = {}, adopted = [], ownerAccounts = {} }, report) {
    for (const change of changes) {
      const { path: value } = change;
      if (change.kind !== 'added' && change.kind !== 'renamed') continue;
      if (!Object.hasOwn(returning, value)) continue;
      const former = returning[value] ?? undefined;
      if (former === undefined) {
        const messageId = adopted.includes(value) ? 'adopted' : 'unknown';
        report(value, { pointer: '', messageId, values: { value } });
        continue;
      }
      const { owners } = former;
      const accounts = Object.hasOwn(ownerAccounts, value) ? ownerAccounts[value] : undefined;
      if (author !== undefined && isOwner(author, owners, accounts)) {
        if (!hasSameAccess(former, formerDefinition(change.after)))
          report(value, { pointer: '', messageId: 'changed', values: { value } });
      } else if (owners.length === 0)
        report(value, { pointer: '', messageId: 'ownerless', values: { value } });
      else report(value, { pointer: '', messageId: 'returned', values: { value, owners } });
    }
  },
  examples: {
    good: [
      { yaml: 'name: Agenda' },
      { yaml: access('equipe@ville-exemple.fr'), context: comingBack('camille-dsi', ['camille-dsi']) },
    ],
    bad: [
      {
        yaml: access('equipe@ville-exemple.fr'),
        context: comingBack('lou-dsi', ['camille-dsi']),
        messageIds: ['returned'],
      },
      {
        yaml: access('prestataire@editeur-exemple.fr'),
        context: comingBack('camille-dsi', ['camille-dsi']),
        messageIds: ['changed'],
      },
      {
        yaml: access('equipe@ville-exemple.fr'),
        context: comingBack('lou-dsi', []),
        messageIds: ['ownerless'],
      },
      { yaml: 'name: Agenda', context: { returning: { [examplePath]: null } }, messageIds: ['unknown'] },
      {
        yaml: 'name: Agenda',
        context: { returning: { [examplePath]: null }, adopted: [examplePath] },
        messageIds: ['adopted'],
      },
    ],
  },
});

function hasSameAccess(one: FormerDefinition, other: FormerDefinition | undefined): boolean {
  return JSON.stringify(one.access) === JSON.stringify(other?.access);
}

/** The keys of a definition by which its client is used. */
function access(contact: string): string {
  return `contacts:\n  technical:\n    - ${contact}\n  support: aide@ville-exemple.fr\nredirect_uris:\n  - https://agenda.ville-exemple.fr/retour\npost_logout_redirect_uris: []`;
}

function comingBack(login: string, owners: readonly string[]): Partial<ChangeContext> {
  const before = ['contact equipe@ville-exemple.fr', 'redirect https://agenda.ville-exemple.fr/retour'];
  return {
    author: { login, id: login.length, reviewer: false },
    returning: { [examplePath]: { owners, access: before } },
  };
}
