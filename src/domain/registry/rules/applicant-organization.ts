import { sirenOf } from '#domain/registry/claims';
import { changeRule } from './rule.ts';

/** A definition that someone at the front desk asked for in the name of an organization other than their own. */
export const applicantOrganization = changeRule({
  id: 'applicant/organization',
  severity: 'decision',
  title: {
    fr: 'Qui demande au guichet n’est pas de l’organisation du service',
    en: 'Whoever asks at the front desk is not of the service’s organization',
  },
  why: {
    fr: 'Au guichet, le fournisseur d’identité dit pour quelle organisation la personne est connectée. Si ce n’est pas celle du service (un éditeur, un prestataire, une autre administration), une personne de l’équipe vérifie qu’elle peut demander en son nom.',
    en: 'At the front desk the identity provider says for which organization someone signed in. Where that is not the service’s own (a publisher, a contractor, another administration), someone from the team checks that they may ask in its name.',
  },
  messages: {
    other: {
      fr: 'La personne s’est connectée au guichet pour l’organisation {siren}, et le service serait à une autre, {value}. Une personne de l’équipe vérifiera qu’elle peut demander en son nom.',
      en: 'The person signed in at the front desk for organization {siren}, and the service would be that of {value}. Someone from the team will check that they may ask in its name.',
    },
    untold: {
      fr: 'Le fournisseur d’identité ne dit pas pour quelle organisation la personne s’est connectée au guichet. Une personne de l’équipe vérifiera qu’elle peut demander pour {value}.',
      en: 'The identity provider does not say for which organization the person signed in at the front desk. Someone from the team will check that they may ask for {value}.',
    },
    overtaken: {
      fr: 'Ce qui est proposé ici n’est plus, ou pas encore, ce que la personne a envoyé au guichet : quelqu’un d’autre a poussé sur la branche, ou l’envoi n’est pas terminé. Sa parole n’y vaut pas. Une personne de l’équipe décidera.',
      en: 'What is proposed here is not, or not yet, what the person sent at the front desk: someone else pushed to the branch, or the sending is not finished. Their word does not count for it. Someone from the team will decide.',
    },
  },
  check(changes, { applicant }, report) {
    if (applicant === undefined) return;
    for (const change of changes) {
      const entry = change.kind === 'removed' ? change.before : change.after;
      const siret = entry.partial?.siret;
      const value = siret ?? '';
      const pointer = change.kind === 'removed' || siret === undefined ? '' : '/organization/siret';
      if (applicant.word === 'overtaken') report(change.path, { pointer: '', messageId: 'overtaken' });
      else if (applicant.siret === undefined)
        report(change.path, { pointer, messageId: 'untold', values: { value } });
      else if (sirenOf(applicant.siret) !== sirenOf(siret))
        report(change.path, {
          pointer,
          messageId: 'other',
          values: { siren: sirenOf(applicant.siret) ?? applicant.siret, value },
        });
    }
  },
  examples: {
    good: [
      { yaml: 'organization:\n  siret: "13002526500013"' },
      {
        yaml: 'organization:\n  siret: "13002526500013"',
        context: {
          applicant: { word: 'own', email: 'camille@ville-exemple.fr', siret: '13002526500021' },
        },
      },
    ],
    bad: [
      {
        yaml: 'organization:\n  siret: "13002526500013"',
        context: {
          applicant: { word: 'own', email: 'camille@editeur-exemple.fr', siret: '20009999200014' },
        },
        messageIds: ['other'],
      },
      {
        yaml: 'organization:\n  siret: "13002526500013"',
        context: { applicant: { word: 'own', email: 'camille@ville-exemple.fr' } },
        messageIds: ['untold'],
      },
      {
        yaml: 'organization:\n  siret: "13002526500013"',
        context: { applicant: { word: 'overtaken' } },
        messageIds: ['overtaken'],
      },
    ],
  },
});
