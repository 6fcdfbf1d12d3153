/** The page's one connection to the client runtime: JSON state by HTTP and socket, access units by socket. */
import { browserSupports, capabilities } from "./codecs.ts";
import { HostPointer } from "./cursor.ts";
import type { Failure, Figures, ServerMessage, State } from "./model.ts";
import { returnFromSignIn } from "./routes.ts";
import { readUnit, type Unit } from "./wire.ts";

export type Entry = "opening" | "open" | "locked" | "lost";

export interface Snapshot {
  entry: Entry;
  state: State | null;
  figures: Figures | null;
}

type Listener = () => void;

export class Store {
  private snapshot: Snapshot = { entry: "opening", state: null, figures: null };
  private readonly listeners = new Set<Listener>();
  private socket: WebSocket | null = null;
  private retryMs = 250;
  onUnit: ((unit: Unit) => void) | null = null;
  readonly pointer = new HostPointer();
  onPointer: (() => void) | null = null;

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  current = (): Snapshot => this.snapshot;

  /** Exchanges the one-time token of the address for a cookie, then opens the socket. */
  async start(): Promise<void> {
    const token = new URLSearchParams(location.hash.slice(1)).get("token");
    if (token !== null) {
      history.replaceState(null, "", location.pathname);
      await fetch("/api/token", { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ token }) });
    }
    if (returnFromSignIn()) return;
    await this.look();
    if (this.snapshot.entry === "open") this.open();
  }

  /** Asks whether this page may in, and how things are. */
  private async look(): Promise<void> {
    try {
      const answer = await fetch("/api/state");
      if (answer.status === 401) this.update({ entry: "locked", figures: null });
      else this.update({ entry: "open", state: (await answer.json()) as State });
    } catch {
      this.update({ entry: "lost", figures: null });
    }
  }

  /** Calls the API; the failure is returned, not thrown, since every caller shows it. */
  async post<T = undefined>(path: string, body?: unknown): Promise<{ value: T | null; failure: Failure | null }> {
    try {
      const answer = await fetch(path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body ?? {}) });
      const text = await answer.text();
      const value: unknown = text === "" ? null : JSON.parse(text);
      if (answer.ok) return { value: value as T, failure: null };
      const failure = (value as { error?: Failure } | null)?.error;
      return { value: null, failure: failure ?? { ...GONE, message: `HTTP ${answer.status}` } };
    } catch {
      return { value: null, failure: GONE };
    }
  }

  /** Sends a message on the socket; lost while it is down, as is the stream that it belongs to. */
  send(message: unknown): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private open(): void {
    const socket = new WebSocket(`ws://${location.host}/ws`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.retryMs = 250;
      this.pointer.clear(); // it is told again
      this.update({ entry: "open" });
      void capabilities(browserSupports).then((decoders) => this.send({ type: "decoders", decoders }));
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === "string") this.received(JSON.parse(event.data) as ServerMessage);
      else {
        const unit = readUnit(event.data);
        if (unit !== null) this.onUnit?.(unit);
      }
    };
    socket.onclose = () => {
      this.update({ entry: "lost", figures: null });
      setTimeout(() => void this.reopen(), this.retryMs);
      this.retryMs = Math.min(5000, this.retryMs * 2);
    };
  }

  /** A client that was started again knows this browser no more: then the page is locked. */
  private async reopen(): Promise<void> {
    await this.look();
    if (this.snapshot.entry === "locked") return;
    this.open();
  }

  private received(message: ServerMessage): void {
    switch (message.type) {
      case "state":
        this.update({ state: message, figures: message.connection === null ? null : this.snapshot.figures });
        break;
      case "figures":
        this.update({ figures: message });
        break;
      case "cursor_moved":
      case "cursor_shape":
      case "cursor_gone":
        this.pointer.take(message);
        this.onPointer?.();
        break;
    }
  }

  private update(part: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    for (const listener of this.listeners) listener();
  }
}

const JSON_TYPE = { "Content-Type": "application/json" };

const GONE: Failure = {
  code: "CLIENT_GONE",
  message: "no answer",
  advice: "",
};

export const store = new Store();
