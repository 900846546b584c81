import { registryRule } from './rule.ts';

/** Two services of one cell under one name: users could not tell where they sign in. */
export const duplicateName = registryRule({
  id: 'registry/duplicate-name',
  severity: 'error',
  title: { fr: 'Un autre service porte le même nom', en: 'Another service has the same name' },
  why: {
    fr: 'Le nom est ce que l’usager lit sur la page de connexion de ProConnect. Si deux services portent le même, il ne sait plus auquel il se connecte.',
    en: 'The name is what users read on ProConnect’s sign-in page. If two services share it, they can no longer tell which one they are signing in to.',
  },
  messages: {
    same: {
      fr: 'Le nom {value} est déjà pris sur le même réseau et dans le même environnement ({others}). Choisissez un nom qui les distingue, par exemple avec le nom de votre organisation.',
      en: 'The name {value} is already that of {others}, on the same network and in the same environment. Choose a name that tells them apart, for instance with the name of your organization.',
    },
  },
  suppresses: ['registry/confusable-name'],
  check(claims, collisions, report) {
    if (collisions.names.length === 0 || claims.name === undefined) return;
    const others = collisions.names.map(({ path }) => path);
    report({ pointer: '/name', messageId: 'same', values: { value: claims.name, others } });
  },
  examples: {
    good: [
      {
        yaml: 'name: Agenda des associations',
        others: [{ cell: 'internet/integration', yaml: 'name: Agenda des associations' }],
      },
    ],
    bad: [
      {
        yaml: 'name: Agenda des associations',
        others: [{ yaml: 'name: AGENDA des  associations' }],
      },
    ],
  },
});
