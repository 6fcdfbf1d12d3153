import { useEffect, useRef, useState } from "react";
import { millis } from "./format.ts";
import type { Connection, State, Step } from "./model.ts";
import { store } from "./store.ts";
import { Button, FailureBox, Folded, Spinner } from "./ui.tsx";
import { comesBack, endWords, overTitle } from "./words.ts";

const NAMES: Record<Step["name"], string> = {
  keys: "Secure keys",
  session: "Host ready",
  tunnel: "Private link",
  stream: "Picture",
};
const SIGNS: Record<Step["state"], [sign: string, colour: string]> = {
  waiting: ["○", "text-ink-soft"],
  running: ["●", "text-accent"],
  done: ["✓", "text-good"],
  failed: ["!", "text-bad"],
};
/** Where the tries to come back are counted: as long as it is there, a session is wanted that was lost. */
export const TRIES = "nvremote.tries";

/** How long to wait before each try to come back by itself. */
const AGAIN_AFTER_S = [2, 4, 8, 15, 30, 30, 30, 30];

/** The way to a picture step by step, for those who want to know. */
export function Steps({ steps, label = "Details" }: { steps: Step[]; label?: string }) {
  return (
    <details className="mt-2 text-sm">
      <summary className="w-fit cursor-pointer py-1 text-xs text-ink-soft">{label}</summary>
      <ol className="mt-1 grid gap-1">
        {steps.map((step) => (
          <li key={step.name} className="flex items-center gap-2" data-step={step.name} data-state={step.state}>
            <span aria-hidden="true" className={`w-4 text-center font-bold ${SIGNS[step.state][1]}`}>
              {SIGNS[step.state][0]}
            </span>
            <span className="flex-1">{NAMES[step.name]}</span>
            <span className="figures text-xs text-ink-soft">
              {step.state === "done" ? millis(step.millis) : step.state}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** On the host's own card: one calm line. */
export function Opening({ connection }: { connection: Connection }) {
  const done = connection.steps.filter((step) => step.state === "done").length;
  return (
    <div data-opening className="mt-auto">
      <div className="flex items-center justify-between gap-3">
        <p role="status" className="flex min-w-0 items-center gap-2 text-sm">
          <Spinner /> <span className="truncate">Opening {connection.host_name}…</span>
        </p>
        <Button
          className="min-h-8 px-3"
          onClick={() => {
            sessionStorage.removeItem(TRIES);
            void store.post("/api/disconnect");
          }}
        >
          Cancel
        </Button>
      </div>
      <progress
        className="bar mt-2"
        aria-label={`Opening ${connection.host_name}`}
        max={connection.steps.length}
        value={done}
      />
      <Steps steps={connection.steps} />
    </div>
  );
}

/** Tries again while the host is there, ever more seldom; says in how many seconds, or null when it has given up. */
function useComeBack(connection: Connection, state: State): number | null {
  const [left, setLeft] = useState<number | null>(null);
  const tries = Number(sessionStorage.getItem(TRIES) ?? 0);
  const wanted = comesBack(connection, tries) && tries < AGAIN_AFTER_S.length;
  const host = state.hosts.find((h) => h.id === connection.host_id);
  const there = navigator.onLine && state.link === "up" && host !== undefined && host.status !== "OFFLINE";
  useEffect(() => {
    if (!wanted) return;
    const end = Date.now() + AGAIN_AFTER_S[tries]! * 1000;
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds > 0 || !there) return;
      clearInterval(timer);
      sessionStorage.setItem(TRIES, String(tries + 1));
      void store.post("/api/connect", { host_id: connection.host_id });
    }, 500);
    return () => clearInterval(timer);
  }, [wanted, there, tries, connection.host_id]);
  return wanted ? (left ?? AGAIN_AFTER_S[tries]!) : null;
}

/** How a connection ended, and what to do. */
export function ConnectDialog({ connection, state }: { connection: Connection; state: State }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const before = useRef<Element | null>(document.activeElement);
  const again = useComeBack(connection, state);
  useEffect(() => {
    const came = before.current;
    if (dialog.current?.open === false) dialog.current.showModal();
    return () => {
      // Where the person was, or the list: never nowhere.
      const back = came instanceof HTMLElement && came.isConnected && came !== document.body ? came : null;
      (back ?? document.querySelector<HTMLElement>("h1"))?.focus();
    };
  }, []);
  const close = () => {
    sessionStorage.removeItem(TRIES);
    void store.post("/api/disconnect");
  };
  const retry = () => {
    sessionStorage.removeItem(TRIES);
    void store.post("/api/connect", { host_id: connection.host_id });
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="connect-title"
      onCancel={(e) => {
        e.preventDefault();
        close();
      }}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-panel p-6 text-ink shadow-2xl"
    >
      <h2 id="connect-title" className="text-xl font-bold">
        {overTitle(connection)}
        {(connection.error === null || connection.streamed_ms > 0) && (
          <span className="block truncate text-base font-medium text-ink-soft">{connection.host_name}</span>
        )}
      </h2>
      <div className="mt-4">
        {connection.error === null ? (
          <>
            <p className="text-sm">{endWords(connection.reason)}</p>
            {connection.reason !== null && <Folded text={connection.reason} />}
          </>
        ) : (
          <>
            <FailureBox failure={connection.error} host={connection.host_name} titled={connection.streamed_ms > 0} />
            {connection.streamed_ms === 0 && <Steps steps={connection.steps} label="How far it came" />}
          </>
        )}
      </div>
      {again !== null && (
        <p role="status" className="mt-4 flex items-center gap-2 text-sm text-ink-soft">
          <Spinner /> {again > 0 ? `Trying again in ${again} s` : `Waiting for ${connection.host_name}…`}
        </p>
      )}
      <div className="mt-6 flex justify-end gap-3">
        <Button kind="primary" onClick={retry}>
          {connection.streamed_ms > 0 ? "Connect again" : "Try again"}
        </Button>
        <Button onClick={close}>Close</Button>
      </div>
    </dialog>
  );
}
