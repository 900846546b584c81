import { sirenOf } from '#domain/registry/claims';
import { changeRule } from './rule.ts';

/** A service that passes from one organization to another. */
export const organizationChange = changeRule({
  id: 'change/organization',
  severity: 'decision',
  title: { fr: 'Le service change d’organisation', en: 'The service passes to another organization' },
  why: {
    fr: 'Changer le SIRET, c’est confier le service, ses usagers et ses clés à quelqu’un d’autre. Les deux organisations doivent être d’accord : une personne de l’équipe vérifie.',
    en: 'Changing the SIRET hands the service, its users and its keys to someone else. Both organizations must agree: someone from the team has a look.',
  },
  messages: {
    transfer: {
      fr: 'Le service passerait de l’organisation {before} à l’organisation {value}. Joignez à la demande l’accord de l’organisation actuelle ; une personne de l’équipe décidera.',
      en: 'The service would pass from organization {before} to {value}. Add the consent of the present organization to the pull request; someone from the team will decide.',
    },
    establishment: {
      fr: 'L’établissement change au sein de la même organisation : {before} devient {value}. Vérifiez que c’est bien voulu.',
      en: 'The establishment changes from {before} to {value}, within the same organization. Check that this is intended.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind === 'added' || change.kind === 'removed') continue;
      const before = change.before.partial?.siret;
      const value = change.after.partial?.siret;
      if (before === undefined || value === undefined || before === value) continue;
      const from = sirenOf(before);
      // What was no SIRET belonged to nobody: mending it is no transfer.
      if (from === undefined || sirenOf(value) === undefined) continue;
      const values = { before, value };
      const pointer = '/organization/siret';
      if (from === sirenOf(value))
        report(change.path, { pointer, messageId: 'establishment', severity: 'warning', values });
      else report(change.path, { pointer, messageId: 'transfer', values });
    }
  },
  examples: {
    good: [{ before: 'name: Agenda', yaml: 'name: Agenda associatif' }],
    bad: [
      {
        before: 'organization:\n  siret: "13099990700012"',
        yaml: 'organization:\n  siret: "20009999200014"',
        messageIds: ['transfer'],
      },
      {
        before: 'organization:\n  siret: "13002526500013"',
        yaml: 'organization:\n  siret: "13002526500021"',
        messageIds: ['establishment'],
      },
    ],
  },
});
