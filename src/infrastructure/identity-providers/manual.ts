/**
 * Cells that people provision: one issue per client that is to change, kept up to date while it is open. What the
 * people confirmed is all that is known of such a client, and the ledger holds it.
 */
import type { Language } from '#base/i18n/message';
import type { Applicant } from '#domain/provisioning/applicant';
import { governedBy } from '#domain/provisioning/client-metadata';
import { requestMarker, requestText, requestWords } from '#domain/provisioning/manual-request';
import type { Action } from '#domain/provisioning/plan';
import type {
  ClientMetadata,
  HeldClient,
  Outcome,
  Provider,
  Requested,
  Subject,
} from '#domain/provisioning/provider';

/** The issues of a repository, as far as requests need them. */
export interface Issues {
  /**
   * The number of the open issue of Greffier's own whose text holds this marker; undefined when there is none. It
   * must see an issue that was opened a moment ago: search engines do not.
   */
  findOpen(marker: string): Promise<Outcome<number | undefined>>;
  open(title: string, body: string): Promise<Outcome<number>>;
  /** Writes nothing when nothing differs. */
  edit(number: number, title: string, body: string): Promise<Outcome<void>>;
  close(number: number, comment: string): Promise<Outcome<void>>;
  /** `declined`: closed as not planned. */
  state(number: number): Promise<Outcome<'open' | 'done' | 'declined'>>;
}

export interface ManualOptions {
  readonly cell: Provider['cell'];
  readonly issues: Issues;
  /** Of the registry, which may change while the process runs. */
  readonly language: () => Language;
  /** Who asks for a client, as far as it is known. */
  readonly applicantOf?: (subject: Subject) => Applicant | undefined;
}

export function manualProvider(options: ManualOptions): Provider {
  const { issues, language } = options;
  const applicantOf = options.applicantOf ?? (() => undefined);

  async function ask(
    subject: Subject,
    action: Action,
    client: HeldClient | undefined,
    wanted: ClientMetadata | undefined,
  ): Promise<Outcome<Requested>> {
    const applicant = applicantOf(subject);
    const text = requestText(
      {
        subject,
        action,
        ...(client === undefined ? {} : { clientId: client.clientId, before: client.confirmed }),
        ...(wanted === undefined ? {} : { wanted }),
        ...(applicant === undefined ? {} : { applicant }),
      },
      language(),
    );
    // Looked for first, so that an issue whose opening was answered to nobody is not opened twice.
    const open = await issues.findOpen(requestMarker(subject));
    if (!open.ok) return open;
    if (open.value === undefined) {
      const opened = await issues.open(text.title, text.body);
      return opened.ok ? { ok: true, value: { kind: 'requested', request: String(opened.value) } } : opened;
    }
    const edited = await issues.edit(open.value, text.title, text.body);
    return edited.ok ? { ok: true, value: { kind: 'requested', request: String(open.value) } } : edited;
  }

  return {
    kind: 'manual',
    cell: options.cell,
    governs: governedBy.manual,
    read: async () => ({ ok: true, value: { kind: 'untold' } }),
    create: (subject, wanted) => ask(subject, 'create', undefined, wanted),
    update(subject, client, wanted) {
      if (!wanted.active) return ask(subject, 'deactivate', client, wanted);
      return ask(subject, client.confirmed.active === false ? 'revive' : 'update', client, wanted);
    },
    async withdraw(subject) {
      const open = await issues.findOpen(requestMarker(subject));
      if (!open.ok) return open;
      if (open.value === undefined) return { ok: true, value: undefined };
      return issues.close(open.value, requestWords(language())('withdrawn'));
    },
    remove: (subject, client) => ask(subject, 'delete', client, undefined),
  };
}
