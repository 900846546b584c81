/**
 * Cells that people provision: one issue per client that is to change, kept up to date while it is open. What the
 * people confirmed is all that is known of such a client, and the ledger holds it.
 */
import type { Language } from '#base/i18n/message';
import type { Applicant } from '#domain/provisioning/applicant';
import { governedFields } from '#domain/provisioning/client-metadata';
import {
  type RequestState,
  renderRenewal,
  renderRequest,
  renewalMarker,
  requestMarker,
  requestTranslator,
} from '#domain/provisioning/manual-request';
import type { Action } from '#domain/provisioning/plan';
import type {
  ClientMetadata,
  ClientRef,
  PendingRequest,
  Provider,
  ProviderResult,
  RecordedClient,
} from '#domain/provisioning/provider';

/** The issues of a repository, as far as requests need them. */
export interface IssueTracker {
  /**
   * The number of the open issue of Greffier's own whose text holds this marker; undefined when there is none. It
   * must see an issue that was opened a moment ago: search engines do not.
   */
  findOpen(marker: string): Promise<ProviderResult<number | undefined>>;
  open(title: string, body: string): Promise<ProviderResult<number>>;
  /** Writes nothing when nothing differs. */
  edit(number: number, title: string, body: string): Promise<ProviderResult<void>>;
  close(number: number, comment: string): Promise<ProviderResult<void>>;
  /** Says why, once. */
  reopen(number: number, comment: string): Promise<ProviderResult<void>>;
  state(number: number): Promise<ProviderResult<RequestState>>;
}

export interface ManualProviderDeps {
  readonly cell: Provider['cell'];
  readonly tracker: IssueTracker;
  /** Of the registry, which may change while the process runs. */
  readonly language: () => Language;
  /** Who asks for a client, as far as it is known. */
  readonly applicantOf?: (ref: ClientRef) => Applicant | undefined;
}

export function manualProvider(options: ManualProviderDeps): Provider {
  const { tracker, language } = options;
  const applicantOf = options.applicantOf ?? (() => undefined);

  async function ask(
    ref: ClientRef,
    action: Action,
    client: RecordedClient | undefined,
    wanted: ClientMetadata | undefined,
  ): Promise<ProviderResult<PendingRequest>> {
    const applicant = applicantOf(ref);
    const text = renderRequest(
      {
        client: ref,
        action,
        ...(client === undefined ? {} : { clientId: client.clientId, before: client.confirmed }),
        ...(wanted === undefined ? {} : { wanted }),
        ...(applicant === undefined ? {} : { applicant }),
      },
      language(),
    );
    // Looked for first, so that an issue whose opening was answered to nobody is not opened twice.
    const open = await tracker.findOpen(requestMarker(ref));
    if (!open.ok) return open;
    if (open.value === undefined) {
      const opened = await tracker.open(text.title, text.body);
      return opened.ok ? { ok: true, value: { kind: 'requested', request: String(opened.value) } } : opened;
    }
    const edited = await tracker.edit(open.value, text.title, text.body);
    return edited.ok ? { ok: true, value: { kind: 'requested', request: String(open.value) } } : edited;
  }

  return {
    kind: 'manual',
    cell: options.cell,
    governedFields: governedFields.manual,
    read: async () => ({ ok: true, value: { kind: 'unknown' } }),
    create: (ref, wanted) => ask(ref, 'create', undefined, wanted),
    update(ref, client, wanted) {
      if (!wanted.active) return ask(ref, 'deactivate', client, wanted);
      return ask(ref, client.confirmed.active === false ? 'revive' : 'update', client, wanted);
    },
    async withdraw(ref) {
      const open = await tracker.findOpen(requestMarker(ref));
      if (!open.ok) return open;
      if (open.value === undefined) return { ok: true, value: undefined };
      return tracker.close(open.value, requestTranslator(language())('withdrawn'));
    },
    remove: (ref, client) => ask(ref, 'delete', client, undefined),
    async renewKeys(ref, { clientId }) {
      const text = renderRenewal(ref, clientId, language());
      const open = await tracker.findOpen(renewalMarker(ref));
      if (!open.ok) return open;
      if (open.value !== undefined) {
        // It may be about a client that is gone, of a definition that went and came back.
        const edited = await tracker.edit(open.value, text.title, text.body);
        return edited.ok ? { ok: true, value: { kind: 'requested', request: String(open.value) } } : edited;
      }
      const opened = await tracker.open(text.title, text.body);
      return opened.ok ? { ok: true, value: { kind: 'requested', request: String(opened.value) } } : opened;
    },
  };
}
