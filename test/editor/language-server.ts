/** The language server that editors run for YAML, spoken to as an editor does that was not set up in any way. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Incoming {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface Diagnostics {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

const program = join(import.meta.dirname, '../../node_modules/yaml-language-server/bin/yaml-language-server');

export class LanguageServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #root: string;
  readonly #settings: object;
  readonly #answers = new Map<number, (message: Incoming) => void>();
  readonly #watched = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  #buffer = Buffer.alloc(0);
  #count = 0;

  /** @param settings what the editor was told, by key (`yaml`) */
  constructor(root: string, settings: object = {}) {
    this.#root = root;
    this.#settings = settings;
    this.#process = spawn(process.execPath, [program, '--stdio'], { cwd: root });
    this.#process.stdout.on('data', (data: Buffer) => this.#read(data));
  }

  stop(): void {
    this.#process.kill();
  }

  async start(): Promise<void> {
    const rootUri = pathToFileURL(this.#root).href;
    await this.#ask('initialize', {
      processId: null,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'registre' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } }, hover: {} },
      },
    });
    this.#send({ method: 'initialized', params: {} });
    this.#send({ method: 'workspace/didChangeConfiguration', params: { settings: this.#settings } });
  }

  /** Opens a file, with another text when one is given. @returns what the server has against it */
  async open(
    path: string,
    text = readFileSync(join(this.#root, path), 'utf8'),
  ): Promise<readonly Diagnostic[]> {
    const uri = this.#uri(path);
    const found = new Promise<readonly Diagnostic[]>((resolve) => {
      this.#watched.set(uri, resolve);
    });
    this.#send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return await found;
  }

  /** What is shown for the word at a place, both counted from 0. */
  async hover(path: string, line: number, character: number): Promise<string> {
    return JSON.stringify(await this.#ask('textDocument/hover', this.#at(path, line, character)));
  }

  /** What is proposed at a place. */
  async complete(path: string, line: number, character: number): Promise<readonly string[]> {
    const result = (await this.#ask('textDocument/completion', this.#at(path, line, character))) as {
      readonly items: readonly { readonly label: string }[];
    };
    return result.items.map(({ label }) => label);
  }

  #uri(path: string): string {
    return pathToFileURL(join(this.#root, path)).href;
  }

  #at(path: string, line: number, character: number) {
    return { textDocument: { uri: this.#uri(path) }, position: { line, character } };
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#count;
    const answered = new Promise<Incoming>((resolve) => {
      this.#answers.set(id, resolve);
    });
    this.#send({ id, method, params });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** Takes the messages out of what has arrived (the base protocol of LSP 3.17). */
  #read(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      const length = /Content-Length: (\d+)/.exec(this.#buffer.subarray(0, Math.max(0, end)).toString());
      if (end === -1 || length === null) return;
      const last = end + 4 + Number(length[1]);
      if (this.#buffer.length < last) return;
      const message = JSON.parse(this.#buffer.subarray(end + 4, last).toString()) as Incoming;
      this.#buffer = this.#buffer.subarray(last);
      this.#take(message);
    }
  }

  #take(message: Incoming): void {
    const { id, method } = message;
    if (method === undefined) {
      this.#answers.get(Number(id))?.(message);
      return;
    }
    if (id !== undefined) {
      const { items = [] } = (message.params ?? {}) as { items?: readonly { section?: string }[] };
      const result =
        method === 'workspace/configuration'
          ? items.map(({ section = '' }) => (this.#settings as Record<string, unknown>)[section] ?? null)
          : null;
      this.#send({ id, result });
    }
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = message.params as Diagnostics;
      this.#watched.get(uri)?.(diagnostics);
    }
  }
}
