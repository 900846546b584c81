import { outsideRule } from '#domain/registry/rules/rule';

/** What an example knows of the operator's configuration. */
const answers = { identityDomains: ['registre-exemple.fr'] };

/**
 * An address by which Greffier tells clients apart, given as a person's: whoever writes it could pass one client off as
 * another's. Which domain that is only the operator's configuration says, so that a rule on the file alone cannot know.
 */
export const identityAddress = outsideRule({
  id: 'outside/identity-address',
  severity: 'error',
  title: { fr: 'Adresse réservée à Greffier', en: 'Address kept for Greffier' },
  why: {
    fr: 'Greffier reconnaît chaque client, chez ProConnect, à une adresse de son propre domaine. Si une définition portait l’une de ces adresses, son client pourrait passer pour celui d’un autre service.',
    en: 'At ProConnect, Greffier knows each client by an address under a domain of its own. If a definition had one of these addresses, its client could pass for that of another service.',
  },
  messages: {
    reserved: {
      fr: 'L’adresse {value} est sous le domaine {domain}, que Greffier garde pour reconnaître ses propres clients : personne n’y lit de courrier. Indiquez une adresse de votre équipe.',
      en: 'The address {value} is under the domain {domain}, which Greffier keeps to know its own clients by: nobody reads mail there. Give an address of your team.',
    },
  },
  check({ partial }, { identityDomains = [] }, report) {
    if (partial === undefined) return;
    const { technicalContacts, supportContact } = partial;
    for (const { value, pointer } of [...technicalContacts, ...(supportContact ? [supportContact] : [])]) {
      const written = value.slice(value.lastIndexOf('@') + 1).toLowerCase();
      const domain = identityDomains.find((own) => own === written);
      if (domain !== undefined) report({ pointer, messageId: 'reserved', values: { value, domain } });
    }
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [equipe@ville-exemple.fr]\n  support: aide@ville-exemple.fr',
        answers,
      },
      { yaml: 'contacts:\n  technical: [agenda@registre-exemple.fr]\n  support: aide@ville-exemple.fr' },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [equipe@ville-exemple.fr, agenda@registre-exemple.fr]\n  support: aide@ville-exemple.fr',
        answers,
      },
      {
        yaml: 'contacts:\n  technical: [equipe@ville-exemple.fr]\n  support: Agenda@Registre-Exemple.fr',
        answers,
      },
    ],
  },
});
