/** What an applicant could write: text that acts, claims what is someone else's, or gives commands. */
import { proof, type Threat } from './model.ts';

export const byContent: readonly Threat[] = [
  {
    threat: 'A symbolic link in the registry, so that a command on someone’s machine writes elsewhere on it',
    protection:
      'Definitions and reports are written by one way, which refuses a path with a symbolic link on it, below the root.',
    proofs: [
      proof(
        'cli/registry/write-file.ts',
        'if (there?.isSymbolicLink() === true) throw',
        'if (there === null) throw',
        'cli/links',
        'writes nothing through %s, where that is a symbolic link',
      ),
    ],
  },
  {
    threat: 'Forks, which some events do not list',
    protection:
      'Pull requests are looked up by commit; forks are judged exactly like branches, and never written to.',
    proofs: [
      proof(
        'http/webhook/event-routing.ts',
        "if (action === 'rerequested') return",
        "if (action === 'rerequested' && fields.at(event).at('pull_requests').at('0').present) return",
        'http/event-routing',
        'is looked up by commit: forks are not listed',
      ),
    ],
  },
  {
    threat:
      'Words on which Greffier itself fails, so that a review never ends, or all the other definitions wait',
    protection:
      'A rule that throws is an error of the file that it was to judge, and the others go on; whatever else fails is a failing check at once, which a later review replaces, and an alert.',
    proofs: [
      proof(
        'domain/definition/check-file.ts',
        'reports.push(unjudged(rule.id, problem));',
        'throw problem;',
        'domain/definition/judging',
        'is a finding of its file, which is not provisioned, and all the others go on',
      ),
      proof(
        'application/pull-requests/review-pull-request.ts',
        'if (isLasting(problem, attempt)) {',
        'if (attempt < 0) {',
        'application/pull-requests/unjudged',
        'a review that fails is a failing check at once',
      ),
      proof(
        'infrastructure/github/write/review-output.ts',
        'if (status === undefined) throw problem;',
        'throw problem;',
        'application/pull-requests/unjudged',
        'says all the rest, and tells the operator once, of %s',
      ),
    ],
  },
  {
    threat: 'A list that GitHub leaves out of an answer, taken for an empty one',
    protection:
      'What GitHub need not say, by its own description, says neither yes nor no where it is not there: each such field is taken away in a test.',
    proofs: [
      proof(
        'infrastructure/github/read/comparison.ts',
        'complete: files !== undefined && files !== null && listed',
        'complete: listed',
        'application/absent-fields',
        'it approves nothing, and takes nothing away',
      ),
    ],
  },
  {
    threat: 'Symbolic links and submodules as definitions',
    protection: 'What is no regular file by its mode is an error, and is never followed.',
    proofs: [
      proof(
        'infrastructure/github/read/file-contents.ts',
        "if (type === 'symlink') return { mode: 'symlink',",
        "if (type === 'symlink') return { mode: 'file',",
        'application/pull-requests/merge-result',
        'tells a link from a file',
      ),
    ],
  },
  {
    threat: 'Hostile YAML: bombs, depth, thousands of keys, control characters, two readings of one text',
    protection:
      'A guard on bytes, nesting, parts, anchors and control characters before any parser; a text that two parsers read differently is refused.',
    proofs: [
      proof(
        'domain/definition/parse/source.ts',
        "if ('&*!'.includes(first)) return",
        "if ('?'.includes(first)) return",
        'domain/definition/hostile',
        'no parser is handed what it could make immense of',
      ),
      proof(
        'domain/definition/parse/source.ts',
        'if (bytes.length > maxFileBytes) return',
        'if (bytes.length < 0) return',
        'domain/definition/hostile',
        'too many bytes',
      ),
    ],
  },
  {
    threat: 'Text that acts in Markdown: mentions, links, images, HTML, commands, markers',
    protection:
      'Foreign text stands in code spans that it cannot close, in comments, checks, issues and suggestions.',
    proofs: [
      proof(
        'base/i18n/render.ts',
        'const fence = fenceBeyond(text, 1);',
        "const fence = '`';",
        'base/i18n/render',
        'stays one code span in Markdown, whatever it holds',
      ),
      proof(
        'base/i18n/render.ts',
        'const fence = fenceBeyond(text, 1);',
        "const fence = '';",
        'domain/review/hostile',
        'never acts',
      ),
    ],
  },
  {
    threat: 'Text that acts elsewhere: workflow commands in annotations, HTML in mails and on the page',
    protection: 'Each medium has its own escaping, in one place.',
    proofs: [
      proof(
        'cli/formats/github.ts',
        "return text.replaceAll('%', '%25').replaceAll('\\r', '%0D').replaceAll('\\n', '%0A');",
        'return text;',
        'cli/commands',
        'prints annotations whose text cannot start another command',
      ),
      proof(
        'cli/cli.ts',
        'const terminal = safeTerminal(anyTerminal);',
        'const terminal = anyTerminal;',
        'cli/hostile',
        'arguments of every command',
      ),
    ],
  },
  {
    threat: 'Invisible and bidirectional characters, look-alike names and hosts',
    protection:
      'They are shown as their code points and refused in definitions; look-alikes need a decision or are errors.',
    proofs: [
      proof(
        'base/i18n/invisible.ts',
        'text.replace(everywhere, (character)',
        'text.replace(/$^/gu, (character)',
        'base/i18n/render',
        'shows what cannot be seen',
      ),
      proof(
        'domain/registry/rules/confusable-name.ts',
        '} else if (collisions.lookalikes.length > 0) {',
        '} else if (collisions.lookalikes.length < 0) {',
        'domain/registry/rules',
        'registry/confusable-name',
      ),
      proof(
        'domain/definition/rules/file/hidden-character.ts',
        "if (styleOf(node) !== 'double') continue;",
        'continue;',
        'domain/definition/hidden-values',
        'is corrected only where nothing is lost',
      ),
    ],
  },
  {
    threat: 'A definition at a place where nobody judges it, merged under a green check',
    protection:
      'A file elsewhere that has the keys of a definition is an error, which says where it belongs.',
    proofs: [
      proof(
        'domain/review/evaluate/evaluate.ts',
        '    ...strayFindings(facts),\n',
        '',
        'domain/definition/definition-path',
        'with a definition at the root is not green',
      ),
    ],
  },
  {
    threat: 'Claiming an address or a client of someone else',
    protection:
      'An address belongs to one definition of a cell; the host of another organization needs a decision.',
    proofs: [
      proof(
        'domain/registry/rules/duplicate-uri.ts',
        'of collisions.uris) {',
        'of collisions.uris.slice(0, 0)) {',
        'application/pull-requests/review-pull-request',
        'an address that someone else has is an error',
      ),
    ],
  },
  {
    threat:
      'Writing an address by which Greffier knows clients, so that one’s own client is taken for that of someone else’s new definition',
    protection:
      'Such addresses are refused in definitions and never given to a contact. A client is looked for only where a creation was announced and its answer lost; what is found then carries the mark of that attempt, is no older than it, has the identity of no other definition, and is recorded for none.',
    proofs: [
      proof(
        'infrastructure/identity-providers/proconnect/provider.ts',
        'found.value.filter((client) => identitiesOf(client).join() === addressOf(ref));',
        'found.value;',
        'infrastructure/identity-providers/proconnect',
        'takes no client that carries the identity of two definitions, however it is written',
      ),
      proof(
        'infrastructure/identity-providers/proconnect/provider.ts',
        '.filter((address) => !isOwnAddress(address));',
        '.filter((address) => address !== commonAddress);',
        'infrastructure/identity-providers/proconnect',
        'gives no contact an identity address',
      ),
      proof(
        'application/reconciliation/duplicate-clients.ts',
        'if (unansweredSince === undefined) return { ok: true, value: [] };',
        'unansweredSince ??= 0;',
        'application/reconciliation/partner-clients',
        'that a stranger prepared, with %s, is never given',
      ),
      proof(
        'infrastructure/identity-providers/proconnect/provider.ts',
        'await listAs(attempt === undefined ? addressOf(ref) : markOf(attempt));',
        'await listAs(addressOf(ref));',
        'application/reconciliation/partner-clients',
        'not given either once a creation was announced',
      ),
      proof(
        'domain/registry/rules/outside/identity-address.ts',
        "if (domain !== undefined) report({ pointer, messageId: 'reserved', values: { value, domain } });",
        'if (domain === pointer) return;',
        'application/reconciliation/identity',
        'is provisioned alone: the definition that names the address is held, with words',
      ),
    ],
  },
  {
    threat: 'Adding oneself to the contacts of a live client, to be sent its keys',
    protection: 'A new contact of a live client needs a decision.',
    proofs: [
      proof(
        'domain/registry/rules/contact-change.ts',
        'if (!known.has(value.toLowerCase()))',
        'if (value === undefined)',
        'domain/registry/rules',
        'change/contact',
      ),
    ],
  },
  {
    threat: 'A name with line breaks in a mail, to add recipients or headers',
    protection: 'Addresses are handed to the mail library as objects, and line breaks are shown, never sent.',
    proofs: [
      proof(
        'application/handover/messages.ts',
        'return escapeInvisible(foreign);',
        'return foreign;',
        'application/handover/compose-mail',
        'show a line break in a name instead of making one',
      ),
    ],
  },
  {
    threat: 'Commands of people who may not give them',
    protection: 'Rights are asked for live, by command; a refusal is shown and does nothing.',
    proofs: [
      proof(
        'domain/review/commands/parse.ts',
        "if (rights === 'anyone' || mayWrite(who.permission)) return true;",
        'return true;',
        'domain/review/commands',
        'belong to those who have the right to give them',
      ),
      proof(
        'application/pull-requests/run-commands.ts',
        'return mayRunCommand(command, { permission, isAuthor }) ? undefined : denied(t, command);',
        'return undefined;',
        'application/pull-requests/run-commands',
        'refused to those without the right',
      ),
      proof(
        'application/pull-requests/run-commands.ts',
        'if (by === undefined) return denied(t, command);',
        'if (by === undefined) return { ok: true };',
        'application/pull-requests/run-commands',
        'refused to those without the right',
      ),
    ],
  },
  {
    threat:
      'A pull request that a stranger opens from somebody else’s branch of the registry, to have the App push to it (`/greffier fix`)',
    protection:
      'What the App may do to a branch it does on the word of a writer alone, which committing asks for by its type; anybody else is given suggestions and a patch.',
    proofs: [
      proof(
        'application/pull-requests/run-commands.ts',
        ': await confirmWriter(deps.repository, context.comment.author);',
        ': ({} as never);',
        'application/pull-requests/run-commands',
        'push nothing to a branch of the registry',
      ),
    ],
  },
  {
    threat:
      'Numbers of other people’s DataPass in one’s own pull request, to be told by the App’s account there whose they are, and how far their requests have come',
    protection:
      'Of an authorization of another organization than the definition’s, a review says that it is, and nothing else of it: neither whose, nor for what, nor in which state.',
    proofs: [
      proof(
        'domain/registry/rules/outside/datapass-record.ts',
        'return holder !== undefined && (partial?.siret === undefined || sirenOf(partial.siret) !== holder);',
        'return holder === undefined && partial === undefined;',
        'domain/registry/outside-stranger',
        'is told that it is, and neither whose',
      ),
    ],
  },
  {
    threat: 'Commands in quotes or code, in edited comments, of bots',
    protection: 'Only a plain paragraph of a new comment of a person gives a command.',
    proofs: [
      proof(
        'domain/review/commands/parse.ts',
        "type === 'paragraph' && ",
        '',
        'domain/review/commands',
        'are not read when',
      ),
      proof(
        'http/webhook/event-routing.ts',
        "if (action !== 'created') return",
        "if (action === 'x') return",
        'http/event-routing',
        'of a comment %s does nothing',
      ),
      proof(
        'http/webhook/event-routing.ts',
        'if (comment.author.bot) return { ignored: "a bot\'s comment" };',
        '',
        'http/event-routing',
        'of a comment %s does nothing',
      ),
      proof(
        'http/webhook/event-routing.ts',
        "return own ? { ignored: 'its own comment' } : routeComment(fields, action, place);",
        'return routeComment(fields, action, place);',
        'http/event-routing',
        'of a comment of its own does nothing',
      ),
    ],
  },
  {
    threat: 'A secret committed in a definition',
    protection: 'It is an error, and its value is shown nowhere.',
    proofs: [
      proof(
        'domain/definition/parse/secret-scan.ts',
        "return [whole(token, 'token'), values, ids].reduce(withMore, whole(key, 'key'));",
        'return [];',
        'cli/commands',
        'never shows a secret, in any format',
      ),
    ],
  },
  {
    threat:
      'A secret that somebody pastes beside a command (behind `/greffier provisioned CLIENT_ID`), repeated in an answer that stays when they delete their comment',
    protection: 'What is not understood is repeated without what looks like a secret.',
    proofs: [
      proof(
        'domain/review/commands/parse.ts',
        'const unknown = { unknown: withoutSecrets(line.trim()) };',
        'const unknown = { unknown: line.trim() };',
        'application/pull-requests/run-commands',
        'are answered without what looks like a secret',
      ),
    ],
  },
  {
    threat: 'A definition that fills the memory: an immense file in the same commit',
    protection:
      'Of an archive’s file no more is kept than a definition may have; it is named as it passes by.',
    proofs: [
      proof(
        'infrastructure/github/read/tarball.ts',
        'const beginning = part.subarray(0, maxKept - kept);',
        'const beginning = part;',
        'infrastructure/github/pull-request',
        'keeps no more of a file than a definition may have',
      ),
    ],
  },
];
