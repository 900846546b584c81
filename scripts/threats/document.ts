/** Writes docs/threat-model.md. */
import { threatActors } from './actors.ts';
import type { Proof, Threat } from './model.ts';

const head = `# Threat model

<!-- Written by npm run generate from scripts/threats/. -->

Greffier opens the way to the State's sign-in: whoever has a client there can ask agents to sign in. This page says who is
trusted with what, what is in the way of the rest, and which test fails when that is taken away. \`npm run threats\` takes
each protection below away, one by one, in a copy of the project, and sees its test fail.
`;

const limits = `## What is left to others

- **Merging is GitHub's.** Greffier says through its check what may be merged; a rule set of the registry has to require
  the check \`greffier\`, from this App, and reviews. Anyone with write permission can set a commit status; only the App can
  make its check run.
- **The network in front.** TLS, floods of requests and who may reach \`/metrics\` are the proxy's. Host names that Greffier
  asks are the operator's choice; a name that resolves to an inner address is the name server's to answer for.
- **Whoever reads the applicant's mail** can press the button of the one-time page first. The applicant then finds the
  keys gone, and says so: the same ones are given to nobody again, and \`/greffier rotate\` has others made. Until the client
  is closed (\`/greffier revoke CLIENT_ID\`), whoever read them has its keys.
- **A stolen \`GREFFIER_KEY\` with the database** opens what is sealed: keys not yet handed over, and the means to manage
  clients. Replace both, and the providers' tokens.
- **The dependencies** are pinned to exact versions and run with the process's rights.
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function shown({ test, title }: Proof): string {
  return `\`${test}\` › ${title.replace(/[ ,]*%[sj].*$/, '')}`;
}

function row({ threat, protection, proofs }: Threat): string {
  const files = [...new Set(proofs.map(({ file }) => `\`${file}\``))].join(', ');
  const tests = [...new Set(proofs.map(shown))].join('<br>');
  return `| ${cell(threat)} | ${cell(protection)}<br>${files} | ${cell(tests)} |`;
}

export function threatModel(): string {
  const sections = threatActors.map(({ name, can, cannot, threats }) =>
    [
      `## ${name}\n`,
      `Can ${can}\n`,
      `Must not be able to ${cannot}\n`,
      '| threat | what is in the way, and where | the test that shows it |\n|---|---|---|',
      ...threats.map(row),
      '',
    ].join('\n'),
  );
  return [head, ...sections, limits].join('\n');
}
