/** The issues of a repository in memory, and an operator who does what they ask. */
import type { IssueTracker } from '#infrastructure/identity-providers/manual';

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  open: boolean;
  declined: boolean;
}

export interface IssueBoard {
  /** @param point called before and after every write and read */
  issues(point?: () => void): IssueTracker;
  readonly all: readonly Issue[];
  openRequests(): readonly number[];
  /** Does what the issue asks in an imaginary console. @returns the client id */
  act(number: number): string;
  close(number: number, declined?: boolean): void;
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
            all.push({ number, title, body, open: true, declined: false });
            return number;
          }),
        edit: (number, title, body) => around(() => void Object.assign(at(number), { title, body })),
        close: (number) => around(() => void Object.assign(at(number), { open: false })),
        state: (number) =>
          around(() => (at(number).open ? 'open' : at(number).declined ? 'declined' : 'done')),
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
    close: (number, declined = false) => void Object.assign(at(number), { open: false, declined }),
    clients: () => [...clients.values()],
    reset() {
      all.length = 0;
      clients.clear();
    },
  };
}
