import { placeFromPath } from '#domain/definition/cell';
import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf } from './address.ts';

const rieSuffix = /\.(?:rie|ader)\.gouv\.fr$/;

export const urlNetworkSuffix = definitionRule({
  id: 'url/network-suffix',
  severity: 'warning',
  title: {
    fr: 'L’hôte est sur le réseau de la définition',
    en: 'The host is on the network of the definition',
  },
  why: {
    fr: 'Les noms en `.rie.gouv.fr` et `.ader.gouv.fr` n’existent que sur le réseau interministériel (RIE) ; les autres noms n’y sont pas toujours joignables. Les clés de l’un ne marchent pas sur l’autre.',
    en: 'Names under `.rie.gouv.fr` and `.ader.gouv.fr` exist only on the interministerial network (RIE); other names cannot always be reached there. The keys of one do not work on the other.',
  },
  messages: {
    rieHost: {
      fr: '{host} ne s’ouvre que depuis le RIE, le réseau entre ministères, et ce fichier est pour Internet. Si votre application est aussi sur le RIE, retirez {value} d’ici et mettez-la dans un second fichier, du réseau `rie`, avec `ip_addresses` (l’adresse IP de votre serveur). Sinon, retirez seulement la ligne. Ne changez pas `network` ici.',
      en: '{host} can be opened only from the RIE, the network between ministries, and this file is for the Internet. If your application is on the RIE too, take {value} out of here and put it into a second file, of the network `rie`, with `ip_addresses` (the IP address of your server). If not, only remove the line. Do not change `network` here.',
    },
    publicHost: {
      fr: '{host} n’est pas un nom du RIE (`.rie.gouv.fr` ou `.ader.gouv.fr`). Vérifiez que vos usagers joignent bien {value} depuis le RIE.',
      en: '{host} is not a name of the RIE (`.rie.gouv.fr` or `.ader.gouv.fr`). Check that your users do reach {value} from the RIE.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://portail.cisirh.rie.gouv.fr/callback\npost_logout_redirect_uris:\n  - https://portail.cisirh.rie.gouv.fr/\n',
        cell: 'rie/production',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://portail.cisirh.rie.gouv.fr/callback\n',
        cell: 'internet/production',
        messageIds: ['rieHost'],
      },
      {
        yaml: 'redirect_uris:\n  - https://portail.interieur.gouv.fr/callback\n',
        cell: 'rie/production',
        messageIds: ['publicHost'],
      },
    ],
  },
  check(partial, report) {
    if (partial.network === undefined) return;
    // Which of the two networks is meant is the question then.
    const folder = placeFromPath(partial.path)?.network;
    if (folder !== undefined && folder !== partial.network) return;
    const said: string[] = [];
    for (const { pointer, shown, host } of addressesOf(partial)) {
      if (host?.kind !== 'ordinary') continue;
      const onRie = rieSuffix.test(host.name);
      if (onRie === (partial.network === 'rie') || said.includes(host.name)) continue;
      said.push(host.name);
      report({
        pointer,
        messageId: onRie ? 'rieHost' : 'publicHost',
        values: { value: shown, host: host.name },
      });
    }
  },
});
