/** The page's one connection to the client runtime: JSON state by HTTP and socket, access units by socket. */
import type { CursorMoved, CursorShape, Failure, Figures, ServerMessage, State } from "./model.ts";
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
  onCursor: ((message: CursorMoved | CursorShape) => void) | null = null;

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
    const answer = await fetch("/api/state");
    if (answer.status === 401) {
      this.update({ entry: "locked" });
      return;
    }
    this.update({ entry: "open", state: (await answer.json()) as State });
    this.open();
  }

  /** Calls the API; the failure is returned, not thrown, since every caller shows it. */
  async post<T = undefined>(path: string, body?: unknown): Promise<{ value: T | null; failure: Failure | null }> {
    try {
      const answer = await fetch(path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body ?? {}) });
      const text = await answer.text();
      const value: unknown = text === "" ? null : JSON.parse(text);
      if (answer.ok) return { value: value as T, failure: null };
      return { value: null, failure: (value as { error: Failure }).error };
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
      this.update({ entry: "open" });
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
      setTimeout(() => this.open(), this.retryMs);
      this.retryMs = Math.min(5000, this.retryMs * 2);
    };
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
        this.onCursor?.(message);
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
  message: "The nvremote client on this machine does not answer.",
  advice: "Start it again, then open the address it prints.",
};

export const store = new Store();
