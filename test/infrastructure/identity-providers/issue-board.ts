/** The issues of a repository in memory, and an operator who does what they ask. */
import type { RequestState } from '#domain/provisioning/manual-request';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import { writer } from '../../application/writer.ts';

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  open: boolean;
  declined: boolean;
  closedBy: string;
  readonly comments: string[];
}

export interface IssueBoard {
  /** @param point called before and after every write and read */
  issues(point?: () => void): IssueTracker;
  readonly all: readonly Issue[];
  openRequests(): readonly number[];
  /** Does what the issue asks in an imaginary console. @returns the client id */
  act(number: number): string;
  /** @param by `operatrice`, who may write, when it is not said */
  close(number: number, how?: { readonly declined?: boolean; readonly by?: string }): void;
  clients(): readonly { clientId: string; name: string; active: boolean }[];
  reset(): void;
}

export function issueBoard(): IssueBoard {
  const all: Issue[] = [];
  const clients = new Map<string, { clientId: string; name: string; active: boolean }>();
  const at = (number: number): Issue => {
    const issue = all.find((one) => one.number === number);
    if (issue === undefined) throw new Error(`there is no issue ${number}`);
    return issue;
  };
  return {
    all,
    issues(point = () => undefined) {
      const around = async <T>(act: () => T) => {
        point();
        const value = act();
        point();
        return { ok: true as const, value };
      };
      return {
        findOpen: (marker) =>
          around(() => all.find((issue) => issue.open && issue.body.startsWith(marker))?.number),
        open: (title, body) =>
          around(() => {
            const number = all.length + 1;
            all.push({ number, title, body, open: true, declined: false, closedBy: '', comments: [] });
            return number;
          }),
        edit: (number, title, body) => around(() => void Object.assign(at(number), { title, body })),
        close: (number, comment) =>
          around(() => {
            const issue = at(number);
            if (issue.open) issue.comments.push(comment);
            issue.open = false;
          }),
        reopen: (number, comment) =>
          around(() => {
            const issue = at(number);
            if (!issue.comments.includes(comment)) issue.comments.push(comment);
            issue.open = true;
          }),
        state: (number) => around(() => stateOf(at(number))),
      };
    },
    openRequests: () => all.filter((issue) => issue.open).map((issue) => issue.number),
    act(number) {
      const { body } = at(number);
      const place = /<!-- greffier:request (\S+) -->/.exec(body)?.[1] ?? '';
      const action = /\*\*(créer|modifier|réactiver|désactiver|supprimer)\*\*/.exec(body)?.[1];
      const known = clients.get(place);
      const name = /\*\*Nom\*\*\n\n```text\n(.*)\n```/.exec(body)?.[1] ?? known?.name ?? '';
      const clientId = known?.clientId ?? `client-${clients.size + 1}`;
      if (action === 'supprimer') clients.delete(place);
      else clients.set(place, { clientId, name, active: action !== 'désactiver' });
      return clientId;
    },
    close: (number, { declined = false, by = 'operatrice' } = {}) =>
      void Object.assign(at(number), { open: false, declined, closedBy: by }),
    clients: () => [...clients.values()],
    reset() {
      all.length = 0;
      clients.clear();
    },
  };
}

function stateOf({ open, declined, closedBy }: Issue): RequestState {
  if (open) return { kind: 'open' };
  if (!declined) return { kind: 'unsaid' };
  if (closedBy !== 'operatrice') return { kind: 'disputed', login: closedBy };
  return { kind: 'declined', by: writer(closedBy) };
}
