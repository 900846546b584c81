/** The question whether a service still exists, and whoever would answer it for others. */
import { proof, type Threat } from './model.ts';

const asked = 'application/recertification/recertify';

export const byAnswers: readonly Threat[] = [
  {
    threat: 'A mail that asks whether a service still exists is forwarded, or opened by a scanner',
    protection:
      'There is nothing in it that answers: its links lead to GitHub and to the front desk, where people say who they are, and an answer is a comment of theirs or a form of their session.',
    proofs: [
      proof(
        'application/recertification/compose-recertification-mail.ts',
        'link(desk)]',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: what would stand in the code
        'link(`${desk}?action=keep&path=${cell}/${id}`)]',
        'application/recertification/compose-recertification-mail',
        'leads only to pages that ask who one is',
      ),
    ],
  },
  {
    threat:
      'Someone has a service live on that nobody looks after any more, or a service that is looked after reported',
    protection:
      'Only an owner, by account, a writer, or a technical contact at the front desk answers; and no answer, nor its absence, changes anything at a provider.',
    proofs: [
      proof(
        'application/recertification/keep.ts',
        'if (owned.length === 0 && !isWriter)',
        'if (owned.length > 99 && !isWriter)',
        asked,
        'are answered for by owners and writers only',
      ),
      proof(
        'application/recertification/keep.ts',
        'Object.values(owners[pathOf(client)] ?? {}).includes(account)',
        'owners[pathOf(client)] !== undefined || account === 0',
        asked,
        'are answered for by owners and writers only',
      ),
      proof(
        'http/front-desk/requests-pages.ts',
        "if (action === 'keep' && service !== undefined) {",
        "if (action === 'keep') { await there.keep({ path: path ?? '', cell: 'internet/integration', id, name: '' }, session);",
        'http/front-desk/requests-pages',
        'take the word of a contact that a service still exists',
      ),
    ],
  },
  {
    threat:
      'People are written to more than once, after a crash, by two processes, or by settings that come and go',
    protection:
      'What is asked is written down with its mail in one transaction, and only where what was known is still so. Whoever was asked is asked again a period later at the earliest.',
    proofs: [
      proof(
        'application/recertification/recertification-store.ts',
        'if (!(await this.#swap(transaction, client, before, after))) return false;',
        'if (!(await db.transaction().execute((other) => this.#swap(other, client, before, after)))) return false;',
        asked,
        'are asked once each, in whatever transaction the process is killed',
      ),
      proof(
        'application/recertification/recertification-store.ts',
        'const since = waits || asked === undefined ? from : asked;',
        'const since = from;',
        asked,
        'are not asked anew each time that the settings ask again',
      ),
      proof(
        'application/recertification/recertification-store.ts',
        "      .where(sql<SqlBool>`facts ->> 'step' = 'asked'`);",
        '      ;',
        asked,
        'are not asked anew where they were asked, and only the reminder could not leave',
      ),
    ],
  },
];
